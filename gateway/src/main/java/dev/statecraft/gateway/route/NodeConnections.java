package dev.statecraft.gateway.route;

import dev.statecraft.gateway.balance.Node;
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
 * Opens the connections of one node: bounded, so that one slow node cannot take those of the others, and kept by each
 * event loop for itself.
 */
final class NodeConnections {
  /** Below the keep-alive time-out of common servers (Tomcat: 20 s), so that the gateway closes first. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(10);
  private static final int LARGEST_HEAD = 64 * 1024;

  private NodeConnections() {}

  static Node.Connections open(String routeId, ServiceInstance member, RouteSettings settings, EventLoops loops) {
    List<ConnectionProvider> providers = new ArrayList<>();
    List<HttpClient> clients = new ArrayList<>();
    for (int i = 0; i < loops.count(); i++) {
      ConnectionProvider provider = ConnectionProvider.builder(routeId + '/' + member.getInstanceId() + '/' + i)
          .maxConnections(share(settings.connections(), loops.count()))
          .pendingAcquireMaxCount(share(settings.pendingRequests(), loops.count()))
          .pendingAcquireTimeout(settings.attemptTimeout()).maxIdleTime(LONGEST_IDLE).evictInBackground(LONGEST_IDLE)
          .lifo().build();
      providers.add(provider);
      clients.add(configure(HttpClient.create(provider), member, settings, loops.only(i)));
    }
    HttpClient fresh = configure(HttpClient.newConnection(), member, settings, loops.all()).keepAlive(false);
    return new Node.Connections(() -> clients.get(loops.current()), fresh,
        () -> providers.forEach(ConnectionProvider::dispose));
  }

  private static int share(int all, int loops) {
    return Math.max(1, (all + loops - 1) / loops);
  }

  private static HttpClient configure(HttpClient client, ServiceInstance member, RouteSettings settings,
      LoopResources loops) {
    InetSocketAddress address = AddressUtils.createUnresolved(member.getHost(), member.getPort());
    HttpClient configured = client.runOn(loops).remoteAddress(() -> address)
        // Reactor Netty would send a request once more by itself; whether that is safe is this gateway's to decide.
        .disableRetry(true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()))
        .httpResponseDecoder(decoder -> decoder.maxHeaderSize(LARGEST_HEAD));
    return member.isSecure() ? configured.secure() : configured;
  }
}
