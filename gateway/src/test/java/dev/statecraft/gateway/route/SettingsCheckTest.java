package dev.statecraft.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A configuration that cannot be served is refused in one line that names the property. */
class SettingsCheckTest {
  @Test
  void soundSettingsPass() {
    GatewaySettings settings = read(sound());
    SettingsCheck.check(settings);
    assertThat(settings.routes().values()).singleElement().extracting(RouteSettings::nodes)
        .asInstanceOf(InstanceOfAssertFactories.MAP).containsEntry("replicated-1", "http://127.0.0.1:4001");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"routes.shop.prefix|shop|prefix", "routes.shop.prefix|/shop/|prefix",
    "routes.shop.prefix|/a/../b|prefix", "routes.shop.prefix|/actuator|prefix", "routes.other.prefix|/shop|prefix",
    "routes.shop.nodes.replicated-1|127.0.0.1:4001|nodes.replicated-1",
    "routes.shop.nodes.replicated-1|http://127.0.0.1|nodes.replicated-1",
    "routes.shop.nodes.replicated-1|http://127.0.0.1:4001/x|nodes.replicated-1",
    "routes.shop.nodes.replicated-1|http://a b|nodes.replicated-1", "routes.shop.balance|fastest|balance",
    "routes.shop.affinity|sticky|affinity", "routes.shop.deadline|0s|deadline",
    "routes.shop.deadline|soon|deadline", "routes.shop.connections|0|connections",
    "routes.shop.balanse|round-robin|balanse", "keys.k1|c2hvcnQ=|active-key", "rehearsal|-1|rehearsal",
    "rehearsal|10001|rehearsal", "active-key|k1|active-key"})
  void badSettingIsNamed(String property, String value, String named) {
    Map<String, Object> properties = sound();
    properties.put("statecraft.gateway." + property, value);
    if (property.startsWith("routes.other")) {
      properties.put("statecraft.gateway.routes.other.nodes.a", "http://127.0.0.1:1");
    }
    assertThatThrownBy(() -> {
      GatewaySettings settings = read(properties);
      SettingsCheck.check(settings);
      SettingsCheck.keyRing(settings);
    }).isInstanceOf(InvalidConfiguration.class).hasMessageContaining(named).hasMessageNotContaining("\n");
  }

  @Test
  void nothingToServeIsRefused() {
    assertThatThrownBy(() -> SettingsCheck.check(read(Map.of()))).isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("routes");
  }

  private static Map<String, Object> sound() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("statecraft.gateway.routes.shop.prefix", "/shop");
    properties.put("statecraft.gateway.routes.shop.nodes.replicated-1", "http://127.0.0.1:4001");
    return properties;
  }

  private static GatewaySettings read(Map<String, Object> properties) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
    return SettingsCheck.read(environment);
  }
}
