package dev.statecraft.gateway.route;

import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.NodePool;
import dev.statecraft.gateway.health.EjectionQuota;
import dev.statecraft.gateway.health.HealthListener;
import dev.statecraft.gateway.health.NodeHealth;
import dev.statecraft.gateway.health.Prober;
import dev.statecraft.gateway.health.SlowStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;

/** Makes the nodes of one route, probes each at once, and shows what becomes of it. */
record RouteNodes(String id, RouteSettings settings, Prober prober, GatewayMetrics metrics,
    EventLoops loops)
    implements
      NodePool.NodeFactory {
  @Override
  public Node create(ServiceInstance member, EjectionQuota quota, HealthListener listener, boolean late) {
    String name = String.valueOf(member.getInstanceId());
    // A logger for each route, so that one can be told to say less.
    Logger log = LoggerFactory.getLogger(RouteNodes.class.getName() + '.' + id);
    HealthListener counted = metrics.healthListener(id, name);
    NodeHealth health = new NodeHealth(quota, System::nanoTime, (from, to, cause) -> {
      counted.changed(from, to, cause);
      log.info("Route {}: node {} {} -> {}{}", id, name, from, to, cause == null ? "" : " (" + cause.label() + ")");
      listener.changed(from, to, cause);
    }, new SlowStart(settings.slowStart(), late), settings.ownerSilence());
    Node node = new Node(member, health, NodeConnections.open(id, member, settings, loops));
    metrics.watch(id, node);
    prober.probe(node);
    return node;
  }

  @Override
  public void left(Node node) {
    metrics.forget(id, node);
  }
}
