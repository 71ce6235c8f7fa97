package dev.statecraft.gateway.client;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Adds the connection guard and the accept settings to the gateway's server. */
@Configuration(proxyBeanMethods = false)
public class ClientConfiguration {
  /** So many connections are accepted before the others have their turn. */
  private static final int MAX_ACCEPTS_PER_READ = 256;

  /** Bytes that are read from one client before others have their turn. */
  static final int MAX_READ_BYTES = 16 * 1024;
  private static final int MIN_READ_BYTES = 64;
  private static final int INITIAL_READ_BYTES = 2_048;
  /** A client that does not read stops the exchange when this many bytes wait for it. */
  private static final WriteBufferWaterMark UNREAD_BYTES = new WriteBufferWaterMark(16 * 1024, 32 * 1024);
  /**
   * Bytes that the kernel takes for a client before it can send them. By default it takes up to 4 MB for each client
   * that does not read, and they count against the memory of the gateway's container.
   */
  private static final long UNSENT_BYTES = 64 * 1024;

  @Bean
  TrustedProxies trustedProxies(ClientSettings settings) {
    return TrustedProxies.parse(settings.trustedProxies(), settings.ipv6Prefix());
  }

  /** Before other handlers are added, which must not see an invalid request. */
  @Bean
  @Order(0)
  NettyServerCustomizer clientConnectionGuard(ClientSettings settings, TrustedProxies proxies, Drain drain,
      MeterRegistry registry) {
    long maximumBody = settings.maximumBody().toBytes();
    long headMillis = settings.headTimeout().toMillis();
    long bodyMillis = settings.bodyTimeout().toMillis();
    long idleMillis = settings.idleTimeout().toMillis();
    long writeMillis = settings.writeTimeout().toMillis();
    ClientConnections connections = new ClientConnections(settings.connectionLimit(), proxies::clientOf,
        Math.min(Math.min(headMillis, bodyMillis), Math.min(idleMillis, writeMillis)), System::nanoTime);
    Gauge.builder("statecraft.gateway.client.connections", connections, ClientConnections::open).register(registry);
    ClientConnectionGuard.Limits limits = new ClientConnectionGuard.Limits(
        new RequestValidator(maximumBody, settings.maximumHeaders()), maximumBody, headMillis, bodyMillis, idleMillis,
        writeMillis, drain::isDraining, connections,
        reason -> registry.counter("statecraft.gateway.client.closed", "reason", reason).increment());
    return server -> server.doOnChannelInit((observer, channel, remote) -> {
      ClientConnectionGuard guard = new ClientConnectionGuard(limits);
      channel.pipeline().addBefore(NettyPipeline.HttpCodec, ClientConnection.THROTTLE, guard.throttle())
          .addBefore(NettyPipeline.HttpTrafficHandler, ClientConnection.GUARD, guard);
    });
  }

  /** Bounds what a client can make the gateway read in one turn, and hold unread. */
  @Bean
  NettyServerCustomizer clientBuffers() {
    return server -> {
      HttpServer bounded = server
          .childOption(ChannelOption.RECVBUF_ALLOCATOR,
              new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, INITIAL_READ_BYTES, MAX_READ_BYTES)
                  .maxMessagesPerRead(1))
          .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD_BYTES);
      return Epoll.isAvailable()
          ? bounded.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
          : bounded;
    };
  }

  /**
   * Accepts many waiting connections in each turn of the event loop. By default Netty's epoll transport (4.2.15)
   * accepts one, whatever the configured maximum: it takes the number of the accepted socket for bytes read, and
   * concludes that no more are waiting. After a pause, a new client would wait one turn for each client before it.
   */
  @Bean
  NettyServerCustomizer acceptAllWaitingConnections() {
    return server -> server.option(
        ChannelOption.RECVBUF_ALLOCATOR,
        new ServerChannelRecvByteBufAllocator().respectMaybeMoreData(false).maxMessagesPerRead(MAX_ACCEPTS_PER_READ));
  }
}
