package dev.statecraft.gateway.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** Refuses properties of Spring Cloud Gateway that this gateway does not serve, instead of ignoring them. */
final class SpringPropertiesCheck {
  private static final ConfigurationPropertyName ALL = ConfigurationPropertyName.of("spring.cloud.gateway");
  private static final ConfigurationPropertyName ROOT = ALL.append("server.webflux");

  /** Properties with all below them that are served as documented by Spring. */
  private static final List<ConfigurationPropertyName> SERVED = below("routes", "default-filters", "globalcors",
      "metrics", "predicate", "redis-rate-limiter", "handler-mapping", "filter.secure-headers",
      "route-filter-cache-enabled",
      "route-refresh-listener");

  /** Properties that have one possible value. */
  private static final Map<ConfigurationPropertyName, String> FIXED = Map.of(ROOT.append("enabled"), "true",
      ROOT.append("discovery.locator.enabled"), "false", ROOT.append("fail-on-route-definition-error"), "true");

  private static final ConfigurationPropertyName GLOBAL_FILTERS = ROOT.append("global-filter");
  private static final ConfigurationPropertyName FILTERS = ROOT.append("filter");
  /** Spring's filters that may run. The gateway has its own in place of the others. */
  private static final List<String> GLOBAL_FILTERS_SERVED = List.of("routetorequesturl", "forwardpath",
      "forwardrouting", "gatewaymetrics");

  private static final Map<ConfigurationPropertyName, String> INSTEAD = Map.of(ROOT.append("httpclient"),
      "set time-outs and connections of the service under statecraft.gateway.services", ROOT.append("trusted-proxies"),
      "set statecraft.gateway.client.trusted-proxies", ROOT.append("x-forwarded"),
      "the gateway always sends X-Forwarded-*", ROOT.append("forwarded"), "the gateway always sends Forwarded",
      ROOT.append("discovery"), "define each service under statecraft.gateway.services",
      ROOT.append("streaming-media-types"), "the gateway passes on every part at once");

  private SpringPropertiesCheck() {}

  /**
   * Checks all properties that can be listed.
   *
   * @throws InvalidConfigurationException if one is not served
   */
  static void check(Environment environment) {
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource iterable) {
        iterable.stream().filter(ALL::isAncestorOf)
            .forEach(name -> check(name, environment.getProperty(name.toString())));
      }
    }
    refuse("server.http2.enabled", environment, "true");
  }

  private static void check(ConfigurationPropertyName name, @Nullable String value) {
    if (!ROOT.isAncestorOf(name)) {
      throw new InvalidConfigurationException(
          name + " is not supported: properties of this gateway start with " + ROOT);
    }
    String only = FIXED.get(name);
    boolean served = only != null
        ? only.equals(value)
        : SERVED.stream().anyMatch(known -> known.equals(name) || known.isAncestorOf(name))
            || isServedFilter(name, value);
    if (!served) {
      String instead = INSTEAD.entrySet().stream()
          .filter(entry -> entry.getKey().equals(name) || entry.getKey().isAncestorOf(name)).map(Map.Entry::getValue)
          .findFirst().orElse(only == null ? "remove it" : "its only value is " + only);
      throw new InvalidConfigurationException(name + " is not supported: " + instead);
    }
  }

  private static boolean isServedFilter(ConfigurationPropertyName name, @Nullable String value) {
    boolean flag = name.getLastElement(ConfigurationPropertyName.Form.UNIFORM).equals("enabled");
    if (!flag) {
      return false;
    }
    boolean global = GLOBAL_FILTERS.isAncestorOf(name);
    String filter = name.getElement(name.getNumberOfElements() - 2, ConfigurationPropertyName.Form.UNIFORM);
    return global ? "false".equals(value) || GLOBAL_FILTERS_SERVED.contains(filter) : FILTERS.isAncestorOf(name);
  }

  private static void refuse(String name, Environment environment, String value) {
    if (value.equals(environment.getProperty(name))) {
      throw new InvalidConfigurationException(name + '=' + value + " is not supported: clients use HTTP/1.1");
    }
  }

  private static List<ConfigurationPropertyName> below(String... names) {
    return List.of(names).stream().map(ROOT::append).toList();
  }
}
