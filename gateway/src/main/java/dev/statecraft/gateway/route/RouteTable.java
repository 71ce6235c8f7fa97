package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.affinity.AffinityPolicy;
import dev.statecraft.gateway.affinity.NetworkAffinity;
import dev.statecraft.gateway.affinity.UserChoiceAffinity;
import dev.statecraft.gateway.affinity.UserIdAffinity;
import dev.statecraft.gateway.balance.AttemptRecorder;
import dev.statecraft.gateway.balance.BalancingRule;
import dev.statecraft.gateway.balance.CanaryShares;
import dev.statecraft.gateway.balance.CandidateFilter;
import dev.statecraft.gateway.balance.HashKey;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.NodeBalancer;
import dev.statecraft.gateway.balance.NodePool;
import dev.statecraft.gateway.balance.ZonePreference;
import dev.statecraft.gateway.forward.ServedRoute;
import dev.statecraft.gateway.health.Prober;
import dev.statecraft.gateway.metrics.GatewayMetrics;
import dev.statecraft.gateway.resilience.ClientRateLimiter;
import dev.statecraft.gateway.resilience.RetryBudget;
import dev.statecraft.gateway.resilience.ServiceBulkhead;
import dev.statecraft.gateway.settings.GatewaySettings;
import dev.statecraft.gateway.settings.RouteSettings;
import dev.statecraft.gateway.settings.SettingsCheck;
import dev.statecraft.gateway.upstream.NodeSources;
import dev.statecraft.gateway.upstream.NodeTls;
import dev.statecraft.gateway.upstream.RouteNodeFactory;
import dev.statecraft.signing.KeyRing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.context.SmartLifecycle;

/** All routes of the gateway, the longest prefix first, and the services of other routes. Thread-safe. */
public final class RouteTable implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(RouteTable.class);

  private final List<ServedRoute> routes;
  private final Map<String, ServedRoute> services;
  private final KeyRing keys;
  private final String zone;
  /** True until the warning is given. */
  private final AtomicBoolean warnOfKeys;
  private volatile boolean running;

  private RouteTable(List<ServedRoute> routes, Map<String, ServedRoute> services, KeyRing keys, String zone,
      boolean warnOfKeys) {
    this.zone = zone;
    this.routes = routes;
    this.services = services;
    this.keys = keys;
    this.warnOfKeys = new AtomicBoolean(warnOfKeys);
  }

  private static void warnOfRandomKeys() {
    log.warn("statecraft.gateway.keys is empty: affinity cookies are signed with a random key, which a restart "
        + "and other gateways do not have. Set the same keys on all gateways.");
  }

  /**
   * Opens the routes of the settings; probing starts.
   *
   * @throws InvalidConfigurationException if the settings are invalid
   */
  static RouteTable open(GatewaySettings settings, GatewayMetrics metrics, NodeSources sources) {
    SettingsCheck.check(settings);
    KeyRing keys = SettingsCheck.keyRing(settings);
    boolean needsKeys = settings.routes().values().stream().anyMatch(route -> route.affinity() != AffinityPolicy.NONE);
    if (keys == null && needsKeys) {
      warnOfRandomKeys();
    }
    if (settings.rehearsal() != null) {
      log.warn("statecraft.gateway.rehearsal is deprecated; use statecraft.gateway.failure-warm-up");
    }
    KeyRing ring = keys == null ? KeyRing.random() : keys;
    List<ServedRoute> routes = new ArrayList<>();
    settings.routes().forEach((id, route) -> routes.add(open(id, route, ring, settings.zone(), metrics, sources)));
    routes.sort((left, right) -> right.settings().prefix().length() - left.settings().prefix().length());
    Map<String, ServedRoute> services = new HashMap<>();
    routes.forEach(route -> services.put(route.id(), route));
    settings.services()
        .forEach((id, service) -> services.put(id, open(id, service, ring, settings.zone(), metrics, sources)));
    return new RouteTable(List.copyOf(routes), Map.copyOf(services), ring, settings.zone(), keys == null && !needsKeys);
  }

  /** Returns the routes of the gateway's own table. */
  public List<ServedRoute> routes() {
    return routes;
  }

  /** Tells whether any route knows a node. */
  boolean knowsNode() {
    return services.values().stream().anyMatch(route -> !route.pool().nodes().isEmpty());
  }

  /** Returns the route of the path, or null. */
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
    services.values().forEach(ServedRoute::close);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops after the server, which uses the routes, and before the event loops, which the routes use. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
  }

  /** Returns the service of this name, or the route with this id, or null. */
  public @Nullable ServedRoute service(String name) {
    return services.get(name);
  }

  /** Returns the route or service {@code base} with a policy of its own. It shares the nodes and their state. */
  public ServedRoute with(ServedRoute base, RouteSettings settings) {
    AffinityCookie cookie = settings.affinity() == AffinityPolicy.NONE
        ? null
        : AffinityCookie.ofService(base.id(), keys);
    if (cookie != null && warnOfKeys.compareAndSet(true, false)) {
      warnOfRandomKeys();
    }
    UserChoiceAffinity choice = choice(settings, cookie);
    double budget = settings.protection().retryBudget();
    RetryBudget retries = budget == base.settings().protection().retryBudget()
        ? base.retryBudget()
        : new RetryBudget(budget);
    return base.with(settings, balancer(base.pool(), settings, choice, zone), cookie, choice, retries);
  }

  /** Opens one route without a zone; probing starts. */
  public static ServedRoute open(String id, RouteSettings settings, KeyRing keys, GatewayMetrics metrics,
      NodeSources sources) {
    return open(id, settings, keys, "", metrics, sources);
  }

  private static ServedRoute open(String id, RouteSettings settings, KeyRing keys, String zone, GatewayMetrics metrics,
      NodeSources sources) {
    NodeTls tls = sources.tls("service or route " + id + ": ", settings);
    ServiceInstanceListSupplier source = sources.open(id, settings);
    AtomicReference<@Nullable NodePool> pool = new AtomicReference<>();
    Prober prober = new Prober(settings.probe().path(), settings.probe().interval(), settings.probe().timeout(),
        () -> nodes(pool.get()), System::nanoTime);
    NodePool nodes = new NodePool(source, new RouteNodeFactory(id, settings, prober, metrics, sources.loops(), tls));
    pool.set(nodes);
    AffinityCookie cookie = settings.affinity() == AffinityPolicy.NONE
        ? null
        : new AffinityCookie(id, settings.prefix(), keys);
    UserChoiceAffinity choice = choice(settings, cookie);
    RouteSettings.Protection protection = settings.protection();
    ServiceBulkhead bulkhead = new ServiceBulkhead(id, protection.concurrent());
    metrics.watch(id, bulkhead, nodes);
    AttemptRecorder recorder = new AttemptRecorder(id, settings.outlier().rule(), nodes::nodes, System::nanoTime);
    return new ServedRoute(id, settings, source, nodes, prober, balancer(nodes, settings, choice, zone), cookie, choice,
        bulkhead, metrics.watch(id, new RetryBudget(protection.retryBudget())),
        new ClientRateLimiter(protection.ratePerSecond(), protection.rateBurst(), System::nanoTime),
        recorder, List.of(recorder, metrics.attempts(id)));
  }

  private static @Nullable UserChoiceAffinity choice(RouteSettings settings, @Nullable AffinityCookie cookie) {
    return cookie != null && settings.affinity() == AffinityPolicy.USER_CHOICE ? new UserChoiceAffinity(cookie) : null;
  }

  private static NodeBalancer balancer(NodePool nodes, RouteSettings settings, @Nullable UserChoiceAffinity choice,
      String zone) {
    CandidateFilter filter = choice != null ? choice : switch (settings.affinity()) {
      case NETWORK -> NetworkAffinity.parse(settings.networks());
      case USER_ID -> new UserIdAffinity();
      case NONE, LOGIN_COOKIE, USER_CHOICE -> CandidateFilter.ALL;
    };
    BalancingRule rule = settings.balance().rule(HashKey.parse(settings.hashKey()), System::nanoTime);
    // A random choice of a zone would tear the requests of one key apart.
    CandidateFilter near = zone.isEmpty() || rule.keepsKeys()
        ? CandidateFilter.ALL
        : new ZonePreference(zone, () -> ThreadLocalRandom.current().nextDouble());
    return new NodeBalancer(nodes, rule, filter.then(canary(settings)).then(near));
  }

  private static CandidateFilter canary(RouteSettings settings) {
    return settings.canary().isEmpty()
        ? CandidateFilter.ALL
        : new CanaryShares(settings.canary(),
            switch (settings.canaryBy()) {
              case CLIENT -> CanaryShares::ofClient;
              case REQUEST -> context -> ThreadLocalRandom.current().nextDouble();
            });
  }

  private static List<Node> nodes(@Nullable NodePool pool) {
    return pool == null ? List.of() : pool.nodes();
  }
}
