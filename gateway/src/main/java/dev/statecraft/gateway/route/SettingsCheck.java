package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.Affinity;
import dev.statecraft.gateway.affinity.KeyRing;
import dev.statecraft.gateway.affinity.NetworkGroups;
import dev.statecraft.gateway.balance.HashKey;
import dev.statecraft.gateway.client.ClientSettings;
import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.discovery.Discovery;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.core.env.Environment;

/** Refuses settings that cannot be served, naming the property and what is wrong with it. */
final class SettingsCheck {
  private static final String ROOT = "statecraft.gateway.";
  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
  private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern USER_FROM = Pattern.compile("(body|header):[A-Za-z0-9_-]+");
  private static final int LARGEST_WEIGHT = 1000;
  private static final int LARGEST_REHEARSAL = 10_000;
  private static final int LARGEST_PORT = 65535;

  private SettingsCheck() {}

  /**
   * Reads the settings.
   *
   * @throws InvalidConfiguration when a value has the wrong form, or a name is unknown
   */
  static GatewaySettings read(Environment environment) {
    try {
      return Binder.get(environment).bindOrCreate("statecraft.gateway", Bindable.of(GatewaySettings.class),
          new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
    } catch (BindException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String reason = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
      throw new InvalidConfiguration(e.getName() + " cannot be read: " + reason);
    }
  }

  /**
   * Reads {@code statecraft.drain}, which every process of a cluster has: how long it serves on, unready, before it
   * stops.
   *
   * @throws InvalidConfiguration when it is no duration, or negative
   */
  static Duration drain(Environment environment) {
    try {
      Duration drain = Binder.get(environment).bind("statecraft.drain", Duration.class).orElse(Duration.ZERO);
      require(!drain.isNegative(), "statecraft.drain must not be negative");
      return drain;
    } catch (BindException e) {
      throw new InvalidConfiguration("statecraft.drain is no duration such as 1s");
    }
  }

  /** Refuses settings that say what cannot be served. */
  static void check(GatewaySettings settings) {
    if (settings.routes().isEmpty()) {
      throw new InvalidConfiguration(ROOT + "routes is empty: there is nothing to serve");
    }
    require(settings.rehearsal() >= 0 && settings.rehearsal() <= LARGEST_REHEARSAL,
        ROOT + "rehearsal must be from 0 to " + LARGEST_REHEARSAL);
    checkClient(settings.client());
    Map<String, String> idByPrefix = new HashMap<>();
    settings.routes().forEach((id, route) -> {
      String at = ROOT + "routes." + id + '.';
      checkRoute(at, route);
      String other = idByPrefix.put(route.prefix(), id);
      if (other != null) {
        throw new InvalidConfiguration(at + "prefix " + route.prefix() + " is taken by route " + other);
      }
    });
  }

  /** Returns the keys that the settings give, or null when they give none. */
  static @Nullable KeyRing keyRing(GatewaySettings settings) {
    String active = settings.activeKey();
    if (settings.keys().isEmpty()) {
      require(active == null, ROOT + "active-key names a key, but " + ROOT + "keys is empty");
      return null;
    }
    Map<String, byte[]> keys = new HashMap<>();
    settings.keys().forEach((id, key) -> {
      String at = ROOT + "keys." + id;
      require(KEY_ID.matcher(id).matches(), at + ": an id has up to 32 letters, digits, '-' and '_'");
      try {
        keys.put(id, Base64.getDecoder().decode(key));
      } catch (IllegalArgumentException e) {
        throw new InvalidConfiguration(at + " is not base64");
      }
    });
    if (active == null) {
      throw new InvalidConfiguration(ROOT + "active-key is missing: it says which of the keys signs");
    }
    try {
      return KeyRing.of(keys, active);
    } catch (IllegalArgumentException e) {
      throw new InvalidConfiguration(ROOT + "keys: " + e.getMessage());
    }
  }

  private static void checkClient(ClientSettings client) {
    String at = ROOT + "client.";
    try {
      TrustedProxies.parse(client.trustedProxies());
    } catch (IllegalArgumentException e) {
      throw new InvalidConfiguration(at + "trusted-proxies: " + e.getMessage());
    }
    requirePositive(at + "head-timeout", client.headTimeout());
    requirePositive(at + "body-timeout", client.bodyTimeout());
    requirePositive(at + "idle-timeout", client.idleTimeout());
    require(!client.maximumBody().isNegative(), at + "maximum-body must not be negative");
    require(client.maximumHeaders() > 0, at + "maximum-headers must be at least 1");
  }

  private static void checkRoute(String at, RouteSettings route) {
    require(PREFIX.matcher(route.prefix()).matches() && !hasDotSegment(route.prefix()),
        at + "prefix must be a path such as /shop, not \"" + route.prefix() + '"');
    require(!route.prefix().equals("/actuator") && !route.prefix().startsWith("/actuator/"),
        at + "prefix " + route.prefix() + " is the gateway's own");
    checkDiscovery(at, route);
    route.weights().forEach((name, weight) -> {
      require(!closedList(route) || route.nodes().containsKey(name),
          at + "weights." + name + " is the weight of no node");
      require(weight > 0 && weight <= LARGEST_WEIGHT, at + "weights." + name + " must be from 1 to " + LARGEST_WEIGHT);
    });
    try {
      HashKey.parse(route.hashKey());
    } catch (IllegalArgumentException e) {
      throw new InvalidConfiguration(at + "hash-key " + e.getMessage());
    }
    route.groups().keySet().forEach(
        name -> require(!closedList(route) || route.nodes().containsKey(name),
            at + "groups." + name + " is the group of no node"));
    route.labels().keySet().forEach(
        name -> require(!closedList(route) || route.nodes().containsKey(name),
            at + "labels." + name + " is the label of no node"));
    require(route.affinity() != Affinity.NETWORK || !route.networks().isEmpty(),
        at + "networks is empty: affinity network needs blocks of addresses");
    try {
      NetworkGroups.parse(route.networks());
    } catch (IllegalArgumentException e) {
      throw new InvalidConfiguration(at + "networks: " + e.getMessage());
    }
    require(USER_FROM.matcher(route.userFrom()).matches(), at + "user-from must be body:FIELD or header:NAME");
    RouteSettings.Protection protection = route.protection();
    require(protection.retryBudget() >= 0 && protection.retryBudget() <= 1,
        at + "protection.retry-budget must be from 0 to 1");
    require(protection.concurrent() > 0, at + "protection.concurrent must be at least 1");
    require(protection.failurePercent() > 0 && protection.failurePercent() <= 100,
        at + "protection.failure-percent must be from 1 to 100");
    require(protection.leastRequests() > 0 && protection.leastRequests() <= 100,
        at + "protection.least-requests must be from 1 to 100");
    requirePositive(at + "protection.open-for", protection.openFor());
    require(protection.ratePerSecond() >= 0, at + "protection.rate-per-second must not be negative");
    require(protection.rateBurst() > 0, at + "protection.rate-burst must be at least 1");
    require(route.hiddenPath().isEmpty() || PREFIX.matcher(route.hiddenPath()).matches(),
        at + "hidden-path must be a path such as /actuator, or empty");
    require(!route.slowStart().isNegative(), at + "slow-start must not be negative");
    require(route.loginPath().startsWith("/"), at + "login-path must start with /");
    require(COOKIE_NAME.matcher(route.sessionCookie()).matches(), at + "session-cookie is no name of a cookie");
    requirePositive(at + "owner-silence", route.ownerSilence());
    requirePositive(at + "deadline", route.deadline());
    requirePositive(at + "attempt-timeout", route.attemptTimeout());
    requirePositive(at + "connect-timeout", route.connectTimeout());
    requirePositive(at + "body-idle-timeout", route.bodyIdleTimeout());
    requirePositive(at + "probe.interval", route.probe().interval());
    requirePositive(at + "probe.timeout", route.probe().timeout());
    require(route.probe().path().startsWith("/"), at + "probe.path must start with /");
    require(route.connections() > 0, at + "connections must be at least 1");
    require(route.pendingRequests() >= 0, at + "pending-requests must not be negative");
  }

  private static void checkDiscovery(String at, RouteSettings route) {
    boolean listed = route.discovery() == Discovery.STATIC;
    require(listed || (route.nodes().isEmpty() && route.nodesFile() == null),
        at + "nodes and nodes-file are for discovery static");
    route.nodes().forEach((name, uri) -> address(at + "nodes." + name, uri));
    switch (route.discovery()) {
      case STATIC -> {
        require(route.nodes().isEmpty() == (route.nodesFile() != null),
            at + "nodes is empty: give nodes, or a nodes-file");
        if (route.nodesFile() != null) {
          checkFile(at + "nodes-file", route);
        }
      }
      case DNS -> {
        require(!route.dns().name().isBlank(), at + "dns.name is empty");
        require(route.dns().port() > 0 && route.dns().port() <= LARGEST_PORT, at + "dns.port must be from 1 to 65535");
        requireScheme(at + "dns.scheme", route.dns().scheme());
        requirePositive(at + "dns.refresh", route.dns().refresh());
        route.dns().servers().forEach(server -> address(at + "dns.servers", "http://" + server));
      }
      case KUBERNETES -> {
        require(!route.kubernetes().service().isBlank(), at + "kubernetes.service is empty");
        requireScheme(at + "kubernetes.scheme", route.kubernetes().scheme());
      }
    }
  }

  private static void checkFile(String at, RouteSettings route) {
    try {
      NodeSources.file("route", route).read();
    } catch (IOException e) {
      throw new InvalidConfiguration(at + " cannot be read: " + route.nodesFile());
    } catch (IllegalArgumentException e) {
      throw new InvalidConfiguration(at + ": " + e.getMessage());
    }
  }

  private static void requireScheme(String at, String scheme) {
    require(scheme.equals("http") || scheme.equals("https"), at + " must be http or https");
  }

  /**
   * Reads the address of a node.
   *
   * @throws InvalidConfiguration when it is none; the message begins with {@code at}
   */
  static URI address(String at, String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean address = (scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null && uri.getPort() > 0
          && uri.getPort() <= LARGEST_PORT;
      boolean nothingElse = uri.getRawPath().isEmpty() && uri.getRawQuery() == null && uri.getRawFragment() == null
          && uri.getRawUserInfo() == null;
      require(address && nothingElse, at + " must be http://HOST:PORT or https://HOST:PORT, not \"" + text + '"');
      return uri;
    } catch (URISyntaxException e) {
      throw new InvalidConfiguration(at + " is no address: " + e.getMessage());
    }
  }

  /** Tells whether the names of all nodes are known now. */
  private static boolean closedList(RouteSettings route) {
    return !route.nodes().isEmpty();
  }

  private static boolean hasDotSegment(String path) {
    return path.endsWith("/.") || path.endsWith("/..") || path.contains("/./") || path.contains("/../");
  }

  private static void requirePositive(String at, Duration duration) {
    require(duration.toMillis() > 0, at + " must be at least 1ms");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new InvalidConfiguration(otherwise);
    }
  }
}
