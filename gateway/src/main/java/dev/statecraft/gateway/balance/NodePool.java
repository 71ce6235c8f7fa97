package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.health.Cause;
import dev.statecraft.gateway.health.EjectionQuota;
import dev.statecraft.gateway.health.HealthListener;
import dev.statecraft.gateway.health.NodeStatus;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/**
 * The nodes of one route, kept in step with discovery. A node that stays keeps its health, its load and its
 * connections; a node of the same name at another address is a new one.
 *
 * <p>Panic mode: when fewer than half of the nodes are available, those ejected for slow or bad answers are used again,
 * for a few nodes that take everything would fail next. When none at all is left, whatever is known is tried.
 * Thread-safe; readers take no lock.
 */
public final class NodePool implements ServiceInstanceListSupplier, AutoCloseable {
  /** Makes the gateway's view of a member. */
  @FunctionalInterface
  public interface NodeFactory {
    /**
     * Makes a node that reports each change of its health to {@code listener}.
     *
     * @param late whether it joins nodes that are there already
     */
    Node create(ServiceInstance member, EjectionQuota quota, HealthListener listener, boolean late);

    /** Hears of a node that left; nothing is to be done for the requests that it still has. */
    default void left(Node node) {}
  }

  private record Key(String name, URI uri) {
    static Key of(ServiceInstance instance) {
      return new Key(String.valueOf(instance.getInstanceId()), instance.getUri());
    }
  }

  private final String serviceId;
  private final NodeFactory factory;
  private final EjectionQuota quota = new EjectionQuota();
  private final Disposable subscription;
  private Map<Key, Node> byKey = Map.of();
  private volatile List<Node> nodes = List.of();
  private volatile List<Node> candidates = List.of();
  private volatile boolean warming;

  /** Subscribes to {@code members}; nodes join and leave as it says. */
  public NodePool(ServiceInstanceListSupplier members, NodeFactory factory) {
    this.serviceId = members.getServiceId();
    this.factory = factory;
    this.subscription = members.get().subscribe(this::update);
  }

  /** Returns every node that discovery names. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Returns the nodes that may be chosen now; empty only when discovery names none. */
  public List<Node> candidates() {
    return candidates;
  }

  /** Tells whether some candidate may be being eased in. */
  boolean isWarming() {
    return warming;
  }

  /** Notes that every candidate was found to take its full share. */
  void warmed() {
    warming = false;
  }

  @Override
  public String getServiceId() {
    return serviceId;
  }

  @Override
  public Flux<List<ServiceInstance>> get() {
    return Flux.defer(() -> Flux.just(List.copyOf(candidates)));
  }

  @Override
  public void close() {
    subscription.dispose();
    update(List.of());
  }

  private void update(List<ServiceInstance> members) {
    // Not under this lock: a node tells of its health while it holds its own, and waits for this one.
    replace(members).forEach(node -> {
      node.leave();
      factory.left(node);
    });
  }

  /** Returns those that left. */
  private synchronized List<Node> replace(List<ServiceInstance> members) {
    Map<Key, Node> next = new LinkedHashMap<>();
    quota.poolSize(members.size());
    for (ServiceInstance member : members) {
      Key key = Key.of(member);
      Node known = byKey.get(key);
      next.put(key,
          known != null
              ? known
              : factory.create(member, quota, (from, to, cause) -> chooseCandidates(), !byKey.isEmpty()));
    }
    List<Node> left = new ArrayList<>();
    byKey.forEach((key, node) -> {
      if (!next.containsKey(key)) {
        left.add(node);
      }
    });
    byKey = next;
    nodes = List.copyOf(next.values());
    chooseCandidates();
    return left;
  }

  private synchronized void chooseCandidates() {
    List<Node> all = nodes;
    List<Node> chosen = with(all, NodeStatus.AVAILABLE);
    if (chosen.size() * 2 < all.size()) {
      for (Node node : with(all, NodeStatus.EJECTED)) {
        if (node.health().cause() != Cause.REFUSED) {
          chosen.add(node);
        }
      }
    }
    if (chosen.isEmpty()) {
      chosen = with(all, NodeStatus.EJECTED);
    }
    if (chosen.isEmpty()) {
      chosen = with(all, NodeStatus.UNKNOWN);
    }
    candidates = chosen.isEmpty() ? all : List.copyOf(chosen);
    warming = candidates.stream().anyMatch(node -> node.health().isWarming());
  }

  private static List<Node> with(List<Node> nodes, NodeStatus status) {
    List<Node> found = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      if (node.health().status() == status) {
        found.add(node);
      }
    }
    return found;
  }
}
