package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.affinity.UserChoice;
import dev.statecraft.gateway.balance.NodePool;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.health.Prober;
import dev.statecraft.gateway.resilience.ClientRateLimit;
import dev.statecraft.gateway.resilience.RetryBudget;
import dev.statecraft.gateway.resilience.ServiceGuard;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/**
 * A route that is being served.
 *
 * @param cookie null where the route has no affinity
 * @param choice null where the user cannot choose a node
 * @param lifecycles told of each attempt
 */
record ServedRoute(String id, RouteSettings settings, ServiceInstanceListSupplier source, NodePool pool, Prober prober,
    ReactorServiceInstanceLoadBalancer balancer, @Nullable AffinityCookie cookie, @Nullable UserChoice choice,
    ServiceGuard guard, RetryBudget retryBudget, ClientRateLimit rateLimit,
    List<LoadBalancerLifecycle<RoutingContext, Integer, ServiceInstance>> lifecycles) implements AutoCloseable {

  /** Tells whether the path is the prefix, or lies under it. */
  boolean serves(String path) {
    String prefix = settings.prefix();
    return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/'
        || path.charAt(prefix.length()) == '?');
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
