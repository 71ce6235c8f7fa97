package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.Affinity;
import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.affinity.KeyRing;
import dev.statecraft.gateway.affinity.NetworkGroups;
import dev.statecraft.gateway.affinity.UserChoice;
import dev.statecraft.gateway.affinity.UserId;
import dev.statecraft.gateway.balance.AttemptRecorder;
import dev.statecraft.gateway.balance.BalancingRule;
import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.HashKey;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.NodeBalancer;
import dev.statecraft.gateway.balance.NodePool;
import dev.statecraft.gateway.health.Prober;
import dev.statecraft.gateway.resilience.ClientRateLimit;
import dev.statecraft.gateway.resilience.RetryBudget;
import dev.statecraft.gateway.resilience.ServiceGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.context.SmartLifecycle;

/** Every route that this gateway serves, the one with the longest prefix first. Thread-safe. */
final class RouteTable implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(RouteTable.class);

  private final List<ServedRoute> routes;
  private volatile boolean running;

  private RouteTable(List<ServedRoute> routes) {
    this.routes = routes;
  }

  /**
   * Starts serving what the settings say.
   *
   * @throws InvalidConfiguration when they cannot be served
   */
  static RouteTable open(GatewaySettings settings, GatewayMetrics metrics, NodeSources sources) {
    SettingsCheck.check(settings);
    KeyRing keys = SettingsCheck.keyRing(settings);
    boolean needsKeys = settings.routes().values().stream().anyMatch(route -> route.affinity() != Affinity.NONE);
    if (keys == null && needsKeys) {
      LOG.warn("statecraft.gateway.keys is empty: affinity cookies are signed with a random key, "
          + "so they end with this process and no other gateway takes them");
    }
    KeyRing ring = keys == null ? KeyRing.random() : keys;
    List<ServedRoute> routes = new ArrayList<>();
    settings.routes().forEach((id, route) -> routes.add(serve(id, route, ring, metrics, sources)));
    routes.sort((left, right) -> right.settings().prefix().length() - left.settings().prefix().length());
    return new RouteTable(List.copyOf(routes));
  }

  List<ServedRoute> routes() {
    return routes;
  }

  /** Returns the route that serves the path, or null. */
  @Nullable
  ServedRoute find(String path) {
    for (ServedRoute route : routes) {
      if (route.serves(path)) {
        return route;
      }
    }
    return null;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    routes.forEach(ServedRoute::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Ends after the server, which needs it to the last, and before the event loops, which it needs itself. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
  }

  /** Starts serving one route; the nodes are probed from here on. */
  static ServedRoute serve(String id, RouteSettings settings, KeyRing keys, GatewayMetrics metrics,
      NodeSources sources) {
    ServiceInstanceListSupplier source = sources.open(id, settings);
    AtomicReference<@Nullable NodePool> pool = new AtomicReference<>();
    Prober prober = new Prober(settings.probe().path(), settings.probe().interval(), settings.probe().timeout(),
        () -> nodes(pool.get()));
    NodePool nodes = new NodePool(source, new RouteNodes(id, settings, prober, metrics, sources.loops()));
    pool.set(nodes);
    AffinityCookie cookie = settings.affinity() == Affinity.NONE
        ? null
        : new AffinityCookie(id, settings.prefix(), keys);
    UserChoice choice = cookie != null && settings.affinity() == Affinity.USER_CHOICE ? new UserChoice(cookie) : null;
    CandidateFilter filter = choice != null ? choice : switch (settings.affinity()) {
      case NETWORK -> NetworkGroups.parse(settings.networks());
      case USER_ID -> new UserId();
      case NONE, LOGIN_COOKIE, USER_CHOICE -> CandidateFilter.ALL;
    };
    BalancingRule rule = settings.balance().rule(HashKey.parse(settings.hashKey()), System::nanoTime);
    RouteSettings.Protection bounds = settings.protection();
    ServiceGuard guard = new ServiceGuard(id, new ServiceGuard.Bounds(bounds.concurrent(), bounds.failurePercent(),
        bounds.leastRequests(), bounds.openFor()));
    metrics.watch(id, guard);
    return new ServedRoute(id, settings, source, nodes, prober, new NodeBalancer(nodes, rule, filter), cookie, choice,
        guard, new RetryBudget(bounds.retryBudget()),
        new ClientRateLimit(bounds.ratePerSecond(), bounds.rateBurst(), System::nanoTime),
        List.of(new AttemptRecorder(System::nanoTime), metrics.attempts(id)));
  }

  private static List<Node> nodes(@Nullable NodePool pool) {
    return pool == null ? List.of() : pool.nodes();
  }
}
