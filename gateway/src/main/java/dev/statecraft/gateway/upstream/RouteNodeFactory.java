package dev.statecraft.gateway.upstream;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.NodePool;
import dev.statecraft.gateway.health.EjectionQuota;
import dev.statecraft.gateway.health.HealthListener;
import dev.statecraft.gateway.health.NodeHealth;
import dev.statecraft.gateway.health.Prober;
import dev.statecraft.gateway.health.SlowStart;
import dev.statecraft.gateway.health.StatusChange;
import dev.statecraft.gateway.metrics.GatewayMetrics;
import dev.statecraft.gateway.resilience.AdaptiveLimit;
import dev.statecraft.gateway.resilience.ConnectionPermits;
import dev.statecraft.gateway.resilience.NodeCircuit;
import dev.statecraft.gateway.settings.RouteSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import reactor.core.scheduler.Schedulers;

/** Makes the nodes of one route, probes each new node at once, and reports changes of its health. */
public record RouteNodeFactory(String id, RouteSettings settings, Prober prober, GatewayMetrics metrics,
    EventLoops loops, @Nullable NodeTls tls) implements NodePool.NodeFactory {
  @Override
  public Node create(ServiceInstance member, EjectionQuota quota, HealthListener listener, boolean joinsOthers) {
    String name = String.valueOf(member.getInstanceId());
    HealthListener counter = metrics.healthListener(id, name);
    NodeHealth health = new NodeHealth(quota, System::nanoTime, change -> {
      counter.changed(change);
      logChange(name, change);
      listener.changed(change);
    }, new SlowStart(settings.slowStart(), joinsOthers), settings.ownerSilence());
    RouteSettings.Protection protection = settings.protection();
    NodeCircuit circuit = new NodeCircuit(id + '/' + name, new NodeCircuit.Limits(protection.failurePercent(),
        protection.leastRequests(), protection.openFor()));
    ConnectionPermits permits = new ConnectionPermits(settings.connections(), settings.pendingRequests(),
        Schedulers.parallel());
    AdaptiveLimit limit = new AdaptiveLimit(settings.adaptiveConcurrency().bounds());
    Node node = new Node(member, health, circuit, permits, limit,
        NodeConnections.open(id, member, settings, loops, tls));
    metrics.watch(id, node);
    prober.probe(node);
    return node;
  }

  @Override
  public void left(Node node) {
    metrics.unwatch(id, node);
  }

  private void logChange(String node, StatusChange change) {
    // Each route has its own logger, so that its level can be set separately.
    Logger log = LoggerFactory.getLogger(RouteNodeFactory.class.getName() + '.' + id);
    String cause = change.cause() == null ? "" : change.cause().label();
    switch (change.to()) {
      case AVAILABLE -> log.info("Route {}: node {} admitted: its readiness probe succeeded", id, node);
      case EJECTED -> log.info("Route {}: node {} ejected: {}; next admission after {} ms", id, node, cause,
          change.backOff().toMillis());
      case UNREADY ->
        log.info("Route {}: node {} taken out: {}; admitted again by its next good probe", id, node, cause);
      case UNKNOWN -> throw new IllegalStateException("no node returns to " + change.to());
    }
  }
}
