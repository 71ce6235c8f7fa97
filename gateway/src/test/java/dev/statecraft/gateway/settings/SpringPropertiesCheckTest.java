package dev.statecraft.gateway.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A property of Spring Cloud Gateway that has no effect here is refused by name. */
class SpringPropertiesCheckTest {
  private static final String ROOT = "spring.cloud.gateway.";

  @ParameterizedTest
  @CsvSource({"server.webflux.httpclient.connect-timeout, 100, services", "routes[0].id, shop, server.webflux",
    "server.webflux.trusted-proxies, .*, client.trusted-proxies",
    "server.webflux.discovery.locator.enabled, true, services",
    "server.webflux.x-forwarded.enabled, false, X-Forwarded",
    "server.webflux.global-filter.netty-routing.enabled, true, remove",
    "server.webflux.fail-on-route-definition-error, false, true", "server.webmvc.routes[0].id, shop, server.webflux",
    "server.webflux.filter.local-response-cache.size, 1MB, remove", "server.webflux.enabled, false, true"})
  void refusesWhatIsNotServed(String property, String value, String instead) {
    assertThatThrownBy(() -> check(ROOT + property, value)).isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith(ROOT).hasMessageContaining(instead);
  }

  @ParameterizedTest
  @CsvSource({"server.webflux.routes[0].id, shop", "server.webflux.default-filters[0], PreserveHostHeader",
    "server.webflux.globalcors.cors-configurations.[/**].allowed-origins, *", "server.webflux.metrics.enabled, true",
    "server.webflux.filter.secure-headers.disable[0], x", "server.webflux.filter.rewrite-path.enabled, false",
    "server.webflux.predicate.weight.enabled, true", "server.webflux.global-filter.netty-routing.enabled, false"})
  void acceptsWhatIsServed(String property, String value) {
    assertThatCode(() -> check(ROOT + property, value)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource("server.http2.enabled, true")
  void refusesProtocolsByName(String property, String value) {
    assertThatThrownBy(() -> check(property, value)).isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith(property);
  }

  private static void check(String property, String value) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(property, value)));
    ConfigurationPropertySources.attach(environment);
    SpringPropertiesCheck.check(environment);
  }
}
