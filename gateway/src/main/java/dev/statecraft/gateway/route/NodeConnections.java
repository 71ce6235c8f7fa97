package dev.statecraft.gateway.route;

import dev.statecraft.gateway.balance.Node;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.springframework.cloud.client.ServiceInstance;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.AddressUtils;

/** Opens the bounded connections of one node, so that one slow node cannot take those of the others. */
final class NodeConnections {
  /** Below the keep-alive time-out of common servers (Tomcat: 20 s), so that the gateway closes first. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(10);
  private static final int LARGEST_HEAD = 64 * 1024;

  private NodeConnections() {}

  static Node.Connections open(String routeId, ServiceInstance member, RouteSettings settings) {
    ConnectionProvider provider = ConnectionProvider.builder(routeId + '/' + member.getInstanceId())
        .maxConnections(settings.connections()).pendingAcquireMaxCount(Math.max(1, settings.pendingRequests()))
        .pendingAcquireTimeout(settings.attemptTimeout()).maxIdleTime(LONGEST_IDLE).evictInBackground(LONGEST_IDLE)
        .lifo()
        .build();
    return new Node.Connections(configure(HttpClient.create(provider), member, settings),
        configure(HttpClient.newConnection(), member, settings).keepAlive(false), provider::dispose);
  }

  private static HttpClient configure(HttpClient client, ServiceInstance member, RouteSettings settings) {
    InetSocketAddress address = AddressUtils.createUnresolved(member.getHost(), member.getPort());
    HttpClient configured = client.remoteAddress(() -> address)
        // Reactor Netty would send a request once more by itself; whether that is safe is this gateway's to decide.
        .disableRetry(true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()))
        .httpResponseDecoder(decoder -> decoder.maxHeaderSize(LARGEST_HEAD));
    return member.isSecure() ? configured.secure() : configured;
  }
}
