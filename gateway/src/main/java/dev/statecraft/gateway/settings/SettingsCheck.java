package dev.statecraft.gateway.settings;

import dev.statecraft.gateway.affinity.AffinityPolicy;
import dev.statecraft.gateway.affinity.NetworkAffinity;
import dev.statecraft.gateway.balance.CanaryShares;
import dev.statecraft.gateway.balance.HashKey;
import dev.statecraft.gateway.client.ClientSettings;
import dev.statecraft.gateway.client.RequestPath;
import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.discovery.DiscoveryType;
import dev.statecraft.gateway.discovery.FileMembers;
import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.discovery.NodeAddress;
import dev.statecraft.signing.InvalidKeyRingException;
import dev.statecraft.signing.KeyRing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.core.env.Environment;

/** Validates the settings. An invalid setting is reported in one line that names the property and the problem. */
public final class SettingsCheck {
  private static final String ROOT = "statecraft.gateway.";
  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
  private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern USER_FROM = Pattern.compile("(body|header):[A-Za-z0-9_-]+");
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
  private static final int MAX_WEIGHT = 1000;
  private static final int MAX_WARM_UP_REQUESTS = 10_000;
  private static final int MAX_PORT = 65_535;
  private static final int MIN_BUFFERED_BYTES = 1024 * 1024;
  private static final int IPV6_BITS = 128;

  private SettingsCheck() {}

  /**
   * Reads the settings.
   *
   * @throws InvalidConfigurationException if a value has the wrong form, or a property is unknown
   */
  public static GatewaySettings read(Environment environment) {
    try {
      return Binder.get(environment).bindOrCreate("statecraft.gateway", Bindable.of(GatewaySettings.class),
          new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
    } catch (BindException e) {
      throw new InvalidConfigurationException(
          e.getName() + " is invalid: " + InvalidConfigurationException.reasonOf(e));
    }
  }

  /**
   * Reads {@code statecraft.drain}, a setting of every process of a cluster: how long it continues to serve after it
   * became unready, before it stops.
   *
   * @throws InvalidConfigurationException if it is not a duration, or negative
   */
  public static Duration drain(Environment environment) {
    try {
      Duration drain = Binder.get(environment).bind("statecraft.drain", Duration.class).orElse(Duration.ZERO);
      require(!drain.isNegative(), "statecraft.drain must not be negative");
      return drain;
    } catch (BindException e) {
      throw new InvalidConfigurationException("statecraft.drain must be a duration such as 1s");
    }
  }

  /**
   * Checks the settings.
   *
   * @throws InvalidConfigurationException if one is invalid
   */
  public static void check(GatewaySettings settings) {
    require(!settings.routes().isEmpty() || !settings.services().isEmpty(),
        ROOT + "routes is empty: define at least one route, or a service for routes of Spring Cloud Gateway");
    require(settings.warmUpRequests() >= 0 && settings.warmUpRequests() <= MAX_WARM_UP_REQUESTS,
        ROOT + "failure-warm-up (or rehearsal, its deprecated name) must be from 0 to " + MAX_WARM_UP_REQUESTS);
    checkClient(settings.client());
    require(settings.websocket().maximum() >= 0, ROOT + "websocket.maximum must not be negative");
    requirePositive(ROOT + "websocket.idle-timeout", settings.websocket().idleTimeout());
    Map<String, String> idByPrefix = new HashMap<>();
    settings.routes().forEach((id, route) -> {
      String at = ROOT + "routes." + id + '.';
      require(PREFIX.matcher(route.prefix()).matches() && !hasDotSegment(route.prefix()),
          at + "prefix must be a path such as /shop, not \"" + route.prefix() + '"');
      require(!RequestPath.isBelow(route.prefix(), "/actuator"),
          at + "prefix " + route.prefix() + " is reserved for the gateway itself");
      checkNodes(at, route);
      checkPolicy(at, route);
      String other = idByPrefix.put(route.prefix(), id);
      require(other == null, at + "prefix " + route.prefix() + " is already the prefix of route " + other);
    });
    checkServices(settings);
  }

  private static void checkServices(GatewaySettings settings) {
    settings.services().forEach((id, service) -> {
      String at = ROOT + "services." + id + '.';
      require(SERVICE.matcher(id).matches(),
          ROOT + "services." + id + " must have a name of letters, digits, dots and dashes, such as shop");
      require(!settings.routes().containsKey(id),
          ROOT + "services." + id + " has the name of a route: lb://" + id + " would be ambiguous");
      require(service.prefix().isEmpty(), at + "prefix must be empty: the paths of a service are those of its routes");
      checkNodes(at, service);
      checkPolicy(at, service);
    });
  }

  /**
   * Returns the configured keys, or null if there are none.
   *
   * @throws InvalidConfigurationException if the keys cannot be used
   */
  public static @Nullable KeyRing keyRing(GatewaySettings settings) {
    if (settings.keys().isEmpty()) {
      require(settings.activeKey() == null, ROOT + "active-key is set, but " + ROOT + "keys is empty");
      return null;
    }
    try {
      return KeyRing.of(settings.keys(), settings.activeKey());
    } catch (InvalidKeyRingException e) {
      throw new InvalidConfigurationException(ROOT + e.getMessage());
    }
  }

  private static void checkClient(ClientSettings client) {
    String at = ROOT + "client.";
    requireParsed(at + "trusted-proxies: ", () -> TrustedProxies.parse(client.trustedProxies(), client.ipv6Prefix()));
    requirePositive(at + "head-timeout", client.headTimeout());
    requirePositive(at + "body-timeout", client.bodyTimeout());
    requirePositive(at + "write-timeout", client.writeTimeout());
    requirePositive(at + "idle-timeout", client.idleTimeout());
    require(!client.maximumBody().isNegative(), at + "maximum-body must not be negative");
    require(client.maximumHeaders() > 0, at + "maximum-headers must be at least 1");
    require(client.maximumConnections() >= 0, at + "maximum-connections must not be negative");
    require(client.maximumBuffered().toBytes() == 0 || client.maximumBuffered().toBytes() >= MIN_BUFFERED_BYTES,
        at + "maximum-buffered must be 0 or at least " + MIN_BUFFERED_BYTES + 'B');
    require(client.ipv6Prefix() > 0 && client.ipv6Prefix() <= IPV6_BITS,
        at + "ipv6-prefix must be from 1 to " + IPV6_BITS);
  }

  private static void checkNodes(String at, RouteSettings route) {
    checkDiscovery(at, route);
    requireKnownNodes(at + "weights.", route, route.weights());
    requireKnownNodes(at + "groups.", route, route.groups());
    requireKnownNodes(at + "labels.", route, route.labels());
    requireKnownNodes(at + "zones.", route, route.zones());
    route.weights().forEach((name, weight) -> require(weight > 0 && weight <= MAX_WEIGHT,
        at + "weights." + name + " must be from 1 to " + MAX_WEIGHT));
    requireParsed(at + "networks: ", () -> NetworkAffinity.parse(route.networks()));
    require(USER_FROM.matcher(route.userFrom()).matches(), at + "user-from must be body:FIELD or header:NAME");
    checkProtection(at + "protection.", route.protection());
    route.outlier().check(at + "outlier.");
    route.adaptiveConcurrency().check(at + "adaptive-concurrency.");
    require(route.hiddenPath().isEmpty() || PREFIX.matcher(route.hiddenPath()).matches(),
        at + "hidden-path must be a path such as /actuator, or empty");
    require(!route.slowStart().isNegative(), at + "slow-start must not be negative");
    requirePositive(at + "owner-silence", route.ownerSilence());
    requirePositive(at + "attempt-timeout", route.attemptTimeout());
    requirePositive(at + "connect-timeout", route.connectTimeout());
    requirePositive(at + "body-idle-timeout", route.bodyIdleTimeout());
    requirePositive(at + "probe.interval", route.probe().interval());
    requirePositive(at + "probe.timeout", route.probe().timeout());
    require(route.probe().path().startsWith("/"), at + "probe.path must start with /");
    require(route.connections() > 0, at + "connections must be at least 1");
    require(route.pendingRequests() >= 0, at + "pending-requests must not be negative");
  }

  /**
   * Checks what {@link RouteSettings.Policy} contains.
   *
   * @param at the start of the property's name in messages
   * @throws InvalidConfigurationException if it is invalid
   */
  public static void checkPolicy(String at, RouteSettings route) {
    requireParsed(at + "hash-key ", () -> HashKey.parse(route.hashKey()));
    require(route.affinity() != AffinityPolicy.NETWORK || !route.networks().isEmpty(),
        at + "networks is empty: affinity network needs blocks of addresses");
    require(route.loginPath().startsWith("/"), at + "login-path must start with /");
    checkCanary(at, route);
    require(COOKIE_NAME.matcher(route.sessionCookie()).matches(), at + "session-cookie must be the name of a cookie");
    requirePositive(at + "deadline", route.deadline());
    double budget = route.protection().retryBudget();
    require(budget >= 0 && budget <= 1, at + "protection.retry-budget must be from 0 to 1");
  }

  private static void checkCanary(String at, RouteSettings route) {
    int sum = 0;
    for (Map.Entry<String, Integer> canary : route.canary().entrySet()) {
      String name = at + "canary." + canary.getKey();
      require(canary.getValue() >= 0 && canary.getValue() <= 100, name + " must be from 0 to 100 percent");
      require(route.groups().containsValue(canary.getKey()), name + " names no group of groups");
      sum += canary.getValue();
    }
    require(sum <= 100, at + "canary has more than 100 percent in sum");
    require(route.canary().isEmpty() || route.canaryBy() == CanaryShares.By.CLIENT
        || !route.balance().rule(HashKey.parse(route.hashKey()), System::nanoTime).keepsKeys(),
        at + "canary-by must be client: with a hashing rule, requests of one key must not change between groups");
  }

  private static void checkProtection(String at, RouteSettings.Protection protection) {
    require(protection.concurrent() > 0, at + "concurrent must be at least 1");
    require(protection.failurePercent() > 0 && protection.failurePercent() <= 100,
        at + "failure-percent must be from 1 to 100");
    require(protection.leastRequests() > 0 && protection.leastRequests() <= 100,
        at + "least-requests must be from 1 to 100");
    requirePositive(at + "open-for", protection.openFor());
    require(protection.ratePerSecond() >= 0, at + "rate-per-second must not be negative");
    require(protection.rateBurst() > 0, at + "rate-burst must be at least 1");
  }

  private static void checkDiscovery(String at, RouteSettings route) {
    require(route.discovery() == DiscoveryType.STATIC || (route.nodes().isEmpty() && route.nodesFile() == null),
        at + "nodes and nodes-file need discovery static");
    switch (route.discovery()) {
      case STATIC -> {
        require(route.nodes().isEmpty() == (route.nodesFile() != null),
            at + "nodes is empty: set either nodes or nodes-file");
        route.nodes().forEach((name, uri) -> requireAddress(at + "nodes." + name, uri));
        if (route.nodesFile() != null) {
          checkFile(at + "nodes-file", route.nodesFile());
        }
      }
      case DNS -> {
        require(!route.dns().name().isBlank(), at + "dns.name is empty");
        require(route.dns().port() > 0 && route.dns().port() <= MAX_PORT,
            at + "dns.port must be from 1 to " + MAX_PORT);
        requireScheme(at + "dns.scheme", route.dns().scheme());
        requirePositive(at + "dns.refresh", route.dns().refresh());
        route.dns().servers().forEach(server -> requireAddress(at + "dns.servers", "http://" + server));
      }
      case KUBERNETES -> {
        require(!route.kubernetes().service().isBlank(), at + "kubernetes.service is empty");
        requireScheme(at + "kubernetes.scheme", route.kubernetes().scheme());
      }
    }
  }

  private static void checkFile(String at, Path file) {
    requireParsed(at + ": ", () -> {
      try {
        new FileMembers("", file, (name, address) -> Member.of("", name, NodeAddress.parse(address), Map.of())).read();
      } catch (IOException e) {
        throw new InvalidConfigurationException(at + " cannot be read: " + file);
      }
    });
  }

  /** Names of nodes are known only if the configuration lists all nodes. */
  private static void requireKnownNodes(String at, RouteSettings route, Map<String, ?> byNode) {
    byNode.keySet().forEach(name -> require(
        route.nodes().isEmpty() || route.nodes().keySet().stream().anyMatch(node -> NodeNames.matches(name, node)),
        at + name + " names no node of the route"));
  }

  private static void requireScheme(String at, String scheme) {
    require(scheme.equals("http") || scheme.equals("https"), at + " must be http or https");
  }

  private static void requireAddress(String at, String address) {
    requireParsed(at + ' ', () -> NodeAddress.parse(address));
  }

  private static boolean hasDotSegment(String path) {
    return path.endsWith("/.") || path.endsWith("/..") || path.contains("/./") || path.contains("/../");
  }

  static void requirePositive(String at, Duration duration) {
    require(duration.toMillis() > 0, at + " must be at least 1ms");
  }

  private static void requireParsed(String at, Runnable parser) {
    try {
      parser.run();
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigurationException(at + e.getMessage());
    }
  }

  static void require(boolean valid, String problem) {
    if (!valid) {
      throw new InvalidConfigurationException(problem);
    }
  }
}
