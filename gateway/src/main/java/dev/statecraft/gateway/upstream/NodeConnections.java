package dev.statecraft.gateway.upstream;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.channel.NodeChannels;
import dev.statecraft.gateway.settings.RouteSettings;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelPipelineConfigurer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientSecurityUtils;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;
import reactor.netty.tcp.TcpClient;
import reactor.netty.transport.AddressUtils;
import reactor.netty.transport.ClientTransport;

/**
 * Makes the HTTP clients of one node. Each event loop has its own pool, which is as large as all of them may be
 * together: {@link dev.statecraft.gateway.resilience.ConnectionPermits} limits the connections in use.
 */
final class NodeConnections {
  /** Shorter than the keep-alive time-out of common servers (Tomcat: 20 s), so that the gateway closes first. */
  private static final Duration MAX_IDLE = Duration.ofSeconds(10);
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final int MIN_READ_BYTES = 64;
  private static final int INITIAL_READ_BYTES = 2_048;
  /** A client that does not read makes the gateway hold one read of its node's answer. */
  private static final int MAX_READ_BYTES = 32 * 1024;
  private static final WriteBufferWaterMark UNREAD_BYTES = new WriteBufferWaterMark(16 * 1024, 32 * 1024);
  /** Bytes that the kernel takes for a node before it can send them. */
  private static final long UNSENT_BYTES = 64 * 1024;

  private static final ChannelPipelineConfigurer DROP_INTERIM_ANSWERS = (observer, channel, remote) -> channel
      .pipeline()
      .addAfter(NettyPipeline.HttpCodec, "statecraft.interimAnswers", new InterimAnswerFilter());

  private NodeConnections() {}

  static Node.Connections open(String routeId, ServiceInstance member, RouteSettings settings, EventLoops loops,
      @Nullable NodeTls tls) {
    List<ConnectionProvider> providers = new ArrayList<>();
    List<HttpClient> clients = new ArrayList<>();
    List<TcpClient> connectors = new ArrayList<>();
    for (int i = 0; i < loops.count(); i++) {
      ConnectionProvider provider = ConnectionProvider.builder(routeId + '/' + member.getInstanceId() + '/' + i)
          .maxConnections(settings.connections()).pendingAcquireMaxCount(settings.connections())
          .pendingAcquireTimeout(settings.attemptTimeout()).maxIdleTime(MAX_IDLE).evictInBackground(MAX_IDLE)
          .lifo().build();
      providers.add(provider);
      clients.add(configure(HttpClient.create(provider), member, settings, loops.single(i)));
      connectors.add(transport(TcpClient.newConnection(), member, settings, loops.single(i)));
    }
    HttpClient fresh = configure(HttpClient.newConnection(), member, settings, loops.all()).keepAlive(false);
    int probing = Math.floorMod(String.valueOf(member.getInstanceId()).hashCode(), loops.count());
    HttpClient probe = configure(HttpClient.newConnection(), member, settings, loops.single(probing)).keepAlive(false);
    Supplier<Clients> current = secured(new Clients(clients, connectors, fresh, probe), member, tls);
    NodeChannels channels = new NodeChannels(settings.connections(), loops.list(), MAX_IDLE, System::nanoTime,
        index -> current.get().connectors().get(index).connect());
    return new Node.Connections(() -> current.get().pooled().get(loops.currentIndex()), () -> current.get().fresh(),
        () -> current.get().probe(), Schedulers.fromExecutorService(loops.loop(probing)), channels, () -> {
          providers.forEach(ConnectionProvider::dispose);
          channels.close();
        });
  }

  private record Clients(List<HttpClient> pooled, List<TcpClient> connectors, HttpClient fresh, HttpClient probe) {
    Clients with(SslProvider tls) {
      return new Clients(pooled.stream().map(client -> client.secure(tls)).toList(),
          connectors.stream().map(client -> client.secure(tls)).toList(), fresh.secure(tls), probe.secure(tls));
    }
  }

  private static Supplier<Clients> secured(Clients plain, ServiceInstance member, @Nullable NodeTls tls) {
    if (tls != null && member.isSecure()) {
      return tls.secured(context -> plain.with(verified(SslProvider.builder().sslContext(context).build())));
    }
    Clients clients = member.isSecure() ? plain.with(verified(SslProvider.defaultClientProvider())) : plain;
    return () -> clients;
  }

  /** The certificate of a node must be valid for its host. */
  private static SslProvider verified(SslProvider tls) {
    return SslProvider.addHandlerConfigurator(tls, HttpClientSecurityUtils.HOSTNAME_VERIFICATION_CONFIGURER);
  }

  private static HttpClient configure(HttpClient client, ServiceInstance member, RouteSettings settings,
      LoopResources loops) {
    return transport(client, member, settings, loops)
        // Reactor Netty would repeat a request by itself, but only the gateway knows whether that is safe.
        .disableRetry(true).doOnChannelInit(DROP_INTERIM_ANSWERS)
        .httpResponseDecoder(decoder -> decoder.maxHeaderSize(MAX_HEAD_BYTES));
  }

  private static <T extends ClientTransport<T, ?>> T transport(T client, ServiceInstance member,
      RouteSettings settings, LoopResources loops) {
    InetSocketAddress address = AddressUtils.createUnresolved(member.getHost(), member.getPort());
    T configured = client.runOn(loops).remoteAddress(() -> address)
        .option(ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, INITIAL_READ_BYTES, MAX_READ_BYTES).maxMessagesPerRead(1))
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD_BYTES)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()));
    return Epoll.isAvailable()
        ? configured.option(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        : configured;
  }
}
