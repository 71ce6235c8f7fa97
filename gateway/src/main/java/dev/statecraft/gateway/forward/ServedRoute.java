package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.affinity.UserChoiceAffinity;
import dev.statecraft.gateway.balance.AttemptRecorder;
import dev.statecraft.gateway.balance.NodeBalancer;
import dev.statecraft.gateway.balance.NodePool;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.client.RequestPath;
import dev.statecraft.gateway.health.Prober;
import dev.statecraft.gateway.resilience.ClientRateLimiter;
import dev.statecraft.gateway.resilience.RetryBudget;
import dev.statecraft.gateway.resilience.ServiceBulkhead;
import dev.statecraft.gateway.settings.RouteSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/**
 * A route or a service, with the state that its requests share.
 *
 * @param id of the route or service
 * @param cookie null if the route has no affinity
 * @param choice null unless the user can choose a node
 * @param recorder is told of each answer that is passed on
 * @param lifecycles are told of each attempt; the recorder is one of them
 */
public record ServedRoute(String id, RouteSettings settings, ServiceInstanceListSupplier source, NodePool pool,
    Prober prober,
    NodeBalancer balancer, @Nullable AffinityCookie cookie, @Nullable UserChoiceAffinity choice,
    ServiceBulkhead bulkhead, RetryBudget retryBudget, ClientRateLimiter rateLimiter, AttemptRecorder recorder,
    List<LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance>> lifecycles) implements AutoCloseable {

  /** Tells whether the path is the prefix or below it. */
  public boolean serves(String path) {
    return RequestPath.isBelow(path, settings.prefix());
  }

  /** Returns this route with other settings, which use {@code balancer}, and share the nodes and their state. */
  public ServedRoute with(RouteSettings others, NodeBalancer chooser, @Nullable AffinityCookie affinity,
      @Nullable UserChoiceAffinity offered, RetryBudget retries) {
    return new ServedRoute(id, others, source, pool, prober, chooser, affinity, offered, bulkhead, retries, rateLimiter,
        recorder, lifecycles);
  }

  @Override
  public void close() {
    prober.close();
    pool.close();
    if (source instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
