package dev.statecraft.gateway.chain;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.gateway.TestGateway;
import dev.statecraft.gateway.settings.InvalidConfigurationException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A route that the gateway cannot serve stops the start, and the message names what it is. */
class RefusedRoutesIT {
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "uri=lb://cart|route bad: lb://cart names no service: define statecraft.gateway.services.cart",
    "uri=http://127.0.0.1:1|route bad: uri http://127.0.0.1:1 is not supported",
    "uri=lb:ws://shop|route bad: uri lb:ws://shop is not supported",
    "filters[0]=Sparkle=1|route bad: filter Sparkle is not available",
    "filters[0]=RequestRateLimiter=1|route bad: filter RequestRateLimiter is not available; it needs",
    "filters[0]=TokenRelay=|route bad: filter TokenRelay is not available; it needs",
    "filters[0]=SetRequestUri=http://evil.example|route bad: filter SetRequestUri is not supported",
    "filters[0]=Affinity=sticky|route bad: ", "filters[0]=RetryBudget=2|route bad: protection.retry-budget must be",
    "filters[0]=StripPrefix=many|route bad: ",
    "predicates[1]=Weight=group, 1|route bad: predicate Weight is not available; set",
    "metadata.connect-timeout=100|route bad: metadata connect-timeout is not supported"})
  void startIsRefused(String property, String message) {
    String route = "spring.cloud.gateway.server.webflux.routes[0].";
    assertThatThrownBy(() -> TestGateway
        .start(List.of("statecraft.gateway.services.shop.nodes.one=http://127.0.0.1:1", route + "id=bad",
            route + "uri=lb://shop", route + "predicates[0]=Path=/bad/**", route + property)).close())
        .isInstanceOf(InvalidConfigurationException.class).hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }
}
