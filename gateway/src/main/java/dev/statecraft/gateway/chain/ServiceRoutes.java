package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.forward.GatewayServices;
import dev.statecraft.gateway.forward.RouteForwarder;
import dev.statecraft.gateway.forward.ServedRoute;
import dev.statecraft.gateway.route.RouteTable;
import dev.statecraft.gateway.settings.InvalidConfigurationException;
import dev.statecraft.gateway.settings.RouteSettings;
import dev.statecraft.gateway.settings.SettingsCheck;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;

/**
 * Connects the routes of Spring Cloud Gateway with the services that they call as {@code lb://name}. Each route has the
 * policy of its service, and what its filters and metadata declare. Thread-safe.
 */
final class ServiceRoutes {
  static final String SCHEME = "lb";
  private static final String CANARY = "canary";

  private record Opened(Route route, RouteForwarder forwarder) {}

  private record Key(String routeId, String service) {}

  private final RouteTable table;
  private final GatewayServices services;
  private final Map<Key, Opened> opened = new ConcurrentHashMap<>();

  ServiceRoutes(RouteTable table, GatewayServices services) {
    this.table = table;
    this.services = services;
  }

  /**
   * Returns what forwards the requests of a route to a service.
   *
   * @throws InvalidConfigurationException if there is no such service, or the policy of the route is invalid
   */
  RouteForwarder forwarder(Route route, String service) {
    Key key = new Key(route.getId(), service);
    Opened known = opened.get(key);
    // The routes are made again when they are refreshed.
    if (known == null || !known.route().equals(route)) {
      known = new Opened(route, new RouteForwarder(open(route, service), services));
      opened.put(key, known);
    }
    return known.forwarder();
  }

  /**
   * Checks that the gateway can serve the route.
   *
   * @throws InvalidConfigurationException if it cannot
   */
  void check(Route route) {
    URI uri = route.getUri();
    String at = "route " + route.getId() + ": ";
    if ("forward".equals(uri.getScheme())) {
      return;
    }
    if (SCHEME.equals(uri.getScheme()) && uri.isOpaque() && isWebSocket(uri.getSchemeSpecificPart())) {
      uri = URI.create(SCHEME + uri.getSchemeSpecificPart().replaceFirst("^wss?", ""));
    }
    if (!SCHEME.equals(uri.getScheme()) || uri.isOpaque()) {
      throw new InvalidConfigurationException(at + "uri " + uri + " is not supported: use lb://NAME, and define "
          + "statecraft.gateway.services.NAME, or forward:/PATH");
    }
    String service = uri.getHost();
    if (service == null || uri.getPort() >= 0) {
      throw new InvalidConfigurationException(at + "uri " + uri + " must be lb://NAME, without a port; NAME has "
          + "letters, digits, dots and dashes");
    }
    forwarder(route, service);
  }

  /** Tells whether a target begins with the scheme of {@code lb:ws://NAME}, which is the same as {@code lb://NAME}. */
  private static boolean isWebSocket(String target) {
    return target.startsWith("ws://") || target.startsWith("wss://");
  }

  /** Returns the service of the target of a request; null if the target is no service. */
  static @Nullable String service(URI target, @Nullable String prefix) {
    boolean balanced = SCHEME.equals(target.getScheme())
        || (SCHEME.equals(prefix) && isWebSocket(target.toString()));
    return balanced ? target.getHost() : null;
  }

  private ServedRoute open(Route route, String service) {
    String at = "route " + route.getId() + ": ";
    ServedRoute base = table.service(service);
    if (base == null) {
      throw new InvalidConfigurationException(at + "lb://" + service + " names no service: define "
          + "statecraft.gateway.services." + service);
    }
    RouteSettings.Policy policy = base.settings().policy();
    for (GatewayFilter filter : route.getFilters()) {
      if (unwrap(filter) instanceof PolicyFilter declared) {
        policy = declared.change().apply(policy);
      }
    }
    Duration deadline = responseTimeout(at, route.getMetadata());
    RouteSettings settings = base.settings().with(deadline == null ? policy : policy.withDeadline(deadline));
    Object canary = route.getMetadata().get(CANARY);
    if (canary != null) {
      settings = settings.withCanary(percentages(at, canary));
    }
    SettingsCheck.checkPolicy(at, settings);
    return table.with(base, settings);
  }

  /** Reads {@code metadata.canary}: a percentage by group of nodes. */
  private static Map<String, Integer> percentages(String at, Object canary) {
    Map<String, Integer> percentages = new TreeMap<>();
    try {
      ((Map<?, ?>) canary)
          .forEach((group, percent) -> percentages.put(group.toString(), Integer.valueOf(percent.toString())));
      return percentages;
    } catch (ClassCastException | NumberFormatException e) {
      throw new InvalidConfigurationException(
          at + "metadata " + CANARY + " must be whole percentages by group, such as {v2: 5}");
    }
  }

  static GatewayFilter unwrap(GatewayFilter filter) {
    return filter instanceof OrderedGatewayFilter ordered ? ordered.getDelegate() : filter;
  }

  /**
   * Returns the route's own time-out, in milliseconds by the convention of Spring Cloud Gateway; null if it has none.
   */
  private static @Nullable Duration responseTimeout(String at, Map<String, Object> metadata) {
    if (metadata.containsKey(RouteMetadataUtils.CONNECT_TIMEOUT_ATTR)) {
      throw new InvalidConfigurationException(at + "metadata " + RouteMetadataUtils.CONNECT_TIMEOUT_ATTR
          + " is not supported: set connect-timeout of the service");
    }
    Object millis = metadata.get(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR);
    if (millis == null) {
      return null;
    }
    try {
      long value = Long.parseLong(millis.toString());
      return value < 0 ? null : Duration.ofMillis(value);
    } catch (NumberFormatException e) {
      throw new InvalidConfigurationException(at + "metadata " + RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR
          + " must be a number of milliseconds");
    }
  }
}
