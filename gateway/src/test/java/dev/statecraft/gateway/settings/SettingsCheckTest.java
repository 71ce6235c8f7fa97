package dev.statecraft.gateway.settings;

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

/** An invalid configuration is reported in one line that names the property. */
class SettingsCheckTest {
  @Test
  void acceptsValidSettings() {
    GatewaySettings settings = read(valid());
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
    "routes.shop.outlier.failure-percent|101|outlier.failure-percent",
    "routes.shop.outlier.deviations|0|outlier.deviations", "routes.shop.outlier.interval|0s|outlier.interval",
    "routes.shop.outlier.minimum-requests|0|outlier.minimum-requests",
    "routes.shop.outlier.minimum-nodes|1|outlier.minimum-nodes",
    "routes.shop.outlier.maximum-ejected-percent|51|outlier.maximum-ejected-percent",
    "routes.shop.outlier.ejection-time|0s|outlier.ejection-time",
    "routes.shop.adaptive-concurrency.algorithm|vegas|adaptive-concurrency.algorithm",
    "routes.shop.adaptive-concurrency.minimum|0|adaptive-concurrency.minimum",
    "routes.shop.adaptive-concurrency.initial|3|adaptive-concurrency.initial",
    "routes.shop.adaptive-concurrency.maximum|19|adaptive-concurrency.maximum",
    "routes.shop.adaptive-concurrency.slow|0s|adaptive-concurrency.slow",
    "routes.shop.zones.other|a|zones.other", "routes.shop.canary.v2|101|canary.v2",
    "routes.shop.canary.v2|5|canary.v2", "routes.shop.canary-by|moon|canary-by",
    "routes.shop.balanse|round-robin|balanse", "keys.k1|c2hvcnQ=|keys.k1", "rehearsal|-1|rehearsal",
    "failure-warm-up|10001|failure-warm-up", "active-key|k1|active-key"})
  void namesInvalidSetting(String property, String value, String named) {
    Map<String, Object> properties = valid();
    properties.put("statecraft.gateway." + property, value);
    if (property.startsWith("routes.other")) {
      properties.put("statecraft.gateway.routes.other.nodes.a", "http://127.0.0.1:1");
    }
    assertThatThrownBy(() -> {
      GatewaySettings settings = read(properties);
      SettingsCheck.check(settings);
      SettingsCheck.keyRing(settings);
    }).isInstanceOf(InvalidConfigurationException.class).hasMessageContaining(named).hasMessageNotContaining("\n");
  }

  @Test
  void rejectsConfigurationWithoutRoutes() {
    assertThatThrownBy(() -> SettingsCheck.check(read(Map.of()))).isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("routes");
  }

  @Test
  void unusableKeyIsNamedInOneLineAndNotShown() {
    Map<String, Object> properties = valid();
    properties.put("statecraft.gateway.keys.k1", "c2hvcnQ=");
    assertThatThrownBy(() -> SettingsCheck.keyRing(read(properties)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "statecraft.gateway.keys.k1 is not 32 bytes or more in Base64; expected: the output of "
                + "openssl rand -base64 32");
  }

  @Test
  void severalKeysNeedAnActiveKey() {
    Map<String, Object> properties = valid();
    properties.put("statecraft.gateway.keys.k1", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
    properties.put("statecraft.gateway.keys.k2", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=");
    assertThatThrownBy(() -> SettingsCheck.keyRing(read(properties)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith("statecraft.gateway.active-key is missing");
  }

  @Test
  void readsDeprecatedNameOfFailureWarmUp() {
    Map<String, Object> properties = valid();
    assertThat(read(properties).warmUpRequests()).isEqualTo(600);
    properties.put("statecraft.gateway.rehearsal", "60");
    assertThat(read(properties).warmUpRequests()).isEqualTo(60);
    properties.put("statecraft.gateway.failure-warm-up", "120");
    assertThat(read(properties).warmUpRequests()).isEqualTo(120);
  }

  private static Map<String, Object> valid() {
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
