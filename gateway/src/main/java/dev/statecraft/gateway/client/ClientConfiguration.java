package dev.statecraft.gateway.client;

import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;

/** Adds the connection guard and the accept settings to the gateway's server. */
@Configuration(proxyBeanMethods = false)
public class ClientConfiguration {
  /** The system's limit on waiting connections, Netty's default backlog on Linux, is rarely higher. */
  private static final int MAX_ACCEPTS_PER_READ = 4_096;

  @Bean
  TrustedProxies trustedProxies(ClientSettings settings) {
    return TrustedProxies.parse(settings.trustedProxies());
  }

  @Bean
  NettyServerCustomizer clientConnectionGuard(ClientSettings settings, Drain drain) {
    long maximumBody = settings.maximumBody().toBytes();
    ClientConnectionGuard.Limits limits = new ClientConnectionGuard.Limits(
        new RequestValidator(maximumBody, settings.maximumHeaders()), maximumBody, settings.headTimeout().toMillis(),
        settings.bodyTimeout().toMillis(), settings.idleTimeout().toMillis(), drain::isDraining, System::nanoTime);
    return server -> server
        .doOnChannelInit((observer, channel, remote) -> channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler,
            "statecraft.clientConnectionGuard", new ClientConnectionGuard(limits)));
  }

  /**
   * Accepts all waiting connections in each turn of the event loop. By default Netty's epoll transport (4.2.15) accepts
   * one, whatever the configured maximum: it takes the number of the accepted socket for bytes read, and concludes that
   * no more are waiting. After a pause, a new client would wait one turn for each client before it.
   */
  @Bean
  NettyServerCustomizer acceptAllWaitingConnections() {
    return server -> server.option(ChannelOption.RECVBUF_ALLOCATOR,
        new ServerChannelRecvByteBufAllocator().respectMaybeMoreData(false).maxMessagesPerRead(MAX_ACCEPTS_PER_READ));
  }
}
