package dev.statecraft.gateway.upstream;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.settings.RouteSettings;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.AddressUtils;

/**
 * Makes the HTTP clients of one node. Its connections are limited, so that a slow node cannot take those of others, and
 * each event loop has its own pool.
 */
final class NodeConnections {
  /** Shorter than the keep-alive time-out of common servers (Tomcat: 20 s), so that the gateway closes first. */
  private static final Duration MAX_IDLE = Duration.ofSeconds(10);
  private static final int MAX_HEAD_BYTES = 64 * 1024;

  private NodeConnections() {}

  static Node.Connections open(String routeId, ServiceInstance member, RouteSettings settings, EventLoops loops) {
    List<ConnectionProvider> providers = new ArrayList<>();
    List<HttpClient> clients = new ArrayList<>();
    for (int i = 0; i < loops.count(); i++) {
      ConnectionProvider provider = ConnectionProvider.builder(routeId + '/' + member.getInstanceId() + '/' + i)
          .maxConnections(perLoop(settings.connections(), loops.count()))
          .pendingAcquireMaxCount(perLoop(settings.pendingRequests(), loops.count()))
          .pendingAcquireTimeout(settings.attemptTimeout()).maxIdleTime(MAX_IDLE).evictInBackground(MAX_IDLE).lifo()
          .build();
      providers.add(provider);
      clients.add(configure(HttpClient.create(provider), member, settings, loops.single(i)));
    }
    HttpClient fresh = configure(HttpClient.newConnection(), member, settings, loops.all()).keepAlive(false);
    return new Node.Connections(() -> clients.get(loops.currentIndex()), fresh,
        () -> providers.forEach(ConnectionProvider::dispose));
  }

  private static int perLoop(int total, int loops) {
    return Math.max(1, (total + loops - 1) / loops);
  }

  private static HttpClient configure(HttpClient client, ServiceInstance member, RouteSettings settings,
      LoopResources loops) {
    InetSocketAddress address = AddressUtils.createUnresolved(member.getHost(), member.getPort());
    HttpClient configured = client.runOn(loops).remoteAddress(() -> address)
        // Reactor Netty would repeat a request by itself, but only the gateway knows whether that is safe.
        .disableRetry(true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()))
        .httpResponseDecoder(decoder -> decoder.maxHeaderSize(MAX_HEAD_BYTES));
    return member.isSecure() ? configured.secure() : configured;
  }
}
