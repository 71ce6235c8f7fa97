package dev.statecraft.gateway.balance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.gateway.health.EjectionQuota;
import dev.statecraft.gateway.health.FailureCause;
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
 * The nodes of one route, kept equal to what discovery reports. A node that stays keeps its health, load and
 * connections; a node with the same name at another address is a new one.
 *
 * <p>Panic mode: if fewer than half of the nodes are available, nodes that were ejected for slow or bad answers are
 * used again, because the remaining few would be overloaded. If no node is left, all known nodes are tried.
 * Thread-safe; readers take no lock.
 */
public final class NodePool implements ServiceInstanceListSupplier, AutoCloseable {
  /** Makes the node of a discovered instance. */
  @FunctionalInterface
  public interface NodeFactory {
    /**
     * Makes a node that reports each change of its health to {@code listener}.
     *
     * @param joinsOthers whether other nodes of the pool already serve
     */
    Node create(ServiceInstance member, EjectionQuota quota, HealthListener listener, boolean joinsOthers);

    /** Is told of a node that left the pool. Its requests in flight continue. */
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
  @GuardedBy("this")
  private Map<Key, Node> byKey = Map.of();
  private volatile List<Node> nodes = List.of();
  private volatile List<Node> candidates = List.of();
  private volatile boolean slowStart;

  /** Subscribes to {@code members}, the source of nodes. */
  public NodePool(ServiceInstanceListSupplier members, NodeFactory factory) {
    this.serviceId = members.getServiceId();
    this.factory = factory;
    this.subscription = members.get().subscribe(this::update);
  }

  /** Returns all nodes that discovery reports. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Returns the nodes that may be chosen now; empty only if discovery reports none. */
  public List<Node> candidates() {
    return candidates;
  }

  /** Tells whether a candidate may be in its slow start. */
  boolean hasSlowStart() {
    return slowStart;
  }

  /** Records that all candidates take their full share. */
  void slowStartEnded() {
    slowStart = false;
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
    // Without this lock: a node calls its listener, which takes this lock, while it holds its own lock.
    replace(members).forEach(node -> {
      node.leave();
      factory.left(node);
    });
  }

  /** Sets the nodes and returns those that left. */
  private synchronized List<Node> replace(List<ServiceInstance> members) {
    Map<Key, Node> next = new LinkedHashMap<>();
    quota.poolSize(members.size());
    for (ServiceInstance member : members) {
      Key key = Key.of(member);
      Node known = byKey.get(key);
      next.put(key,
          known != null ? known : factory.create(member, quota, change -> chooseCandidates(), !byKey.isEmpty()));
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
        if (node.health().cause() != FailureCause.REFUSED) {
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
    slowStart = candidates.stream().anyMatch(node -> node.health().isInSlowStart());
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
