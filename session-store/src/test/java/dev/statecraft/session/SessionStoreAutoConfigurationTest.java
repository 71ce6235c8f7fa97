package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.signing.KeyRing;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.session.SessionRepository;

class SessionStoreAutoConfigurationTest {
  private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(SessionStoreAutoConfiguration.class, SessionAutoConfiguration.class));

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "cookie"})
  void strategyDefinesOneRepositoryAndOneStatus(String label) {
    runner
        .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
        .withPropertyValues("statecraft.session.strategy=" + label)
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context).hasSingleBean(SessionRepository.class).hasSingleBean(SessionStoreStatus.class);
          assertThat(context.getBean(SessionRepository.class).getClass().getPackageName())
              .isEqualTo("dev.statecraft.session." + label);
        });
  }

  @Test
  void keyRingExistsOnlyForStrategiesThatNeedIt() {
    runner.run(context -> assertThat(context).doesNotHaveBean(KeyRing.class));
    runner
        .withPropertyValues("statecraft.session.strategy=cookie")
        .run(context -> assertThat(context).hasSingleBean(KeyRing.class));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "statecraft.session.strategy=hazelcast | statecraft.session.strategy is 'hazelcast'",
    "statecraft.session.timeout=0s | statecraft.session.timeout is PT0S",
    "statecraft.session.timeout=31d | statecraft.session.timeout is PT744H",
    "statecraft.session.timeout=1500ms | statecraft.session.timeout is PT1.5S",
    "statecraft.session.affinity.maximum-sessions=0 | statecraft.session.affinity.maximum-sessions is 0",
    "statecraft.session.affinity.peers=nonsense | statecraft.session.affinity.peers has the entry nonsense",
    "statecraft.session.affinity.peers=a=ftp://b:1 | statecraft.session.affinity.peers has the entry a=ftp://b:1",
    "statecraft.session.attribute-types=no.such.Type | statecraft.session.attribute-types names no.such.Type"})
  void invalidSettingFailsStartWithItsName(String setting, String message) {
    assertStartFails(runner.withPropertyValues(setting), setting, message);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "statecraft.session.keys.a=short | statecraft.session.keys.a is not 32 bytes",
    "statecraft.session.active-key=a | statecraft.session.keys is empty",
    "statecraft.session.cookie.absolute-timeout=0s | statecraft.session.cookie.absolute-timeout is PT0S"})
  void invalidSettingOfStrategyFailsStartWithItsName(String setting, String message) {
    assertStartFails(
        runner.withPropertyValues("statecraft.session.strategy=cookie", setting),
        message.substring(0, message.indexOf(' ')),
        message);
  }

  private static void assertStartFails(WebApplicationContextRunner runner, String setting, String message) {
    runner.run(context -> {
      assertThat(context).hasFailed();
      Throwable failure = Objects.requireNonNull(context.getStartupFailure());
      FailureAnalysis analysis = Objects.requireNonNull(new InvalidSettingFailureAnalyzer().analyze(failure));
      assertThat(analysis.getDescription()).contains(message);
      assertThat(analysis.getAction()).contains(setting.split("=", 2)[0]);
    });
  }

  @Test
  void invalidSettingExitsWithCodeTwo() {
    assertThat(new InvalidSettingException("a.b", "is wrong", "something right"))
        .isInstanceOf(ExitCodeGenerator.class)
        .extracting(InvalidSettingException::getExitCode)
        .isEqualTo(2);
  }

  @Test
  void doesNothingWithoutWebApplication() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SessionStoreAutoConfiguration.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SessionRepository.class));
  }
}
