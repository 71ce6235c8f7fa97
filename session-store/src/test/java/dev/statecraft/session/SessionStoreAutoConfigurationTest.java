package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.session.SessionRepository;

class SessionStoreAutoConfigurationTest {
  @Configuration(proxyBeanMethods = false) @EnableAutoConfiguration
  static class Application {}

  private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
      .withUserConfiguration(Application.class);

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "cookie"})
  void strategyBringsOneRepositoryAndOneStatus(String label) {
    runner.withPropertyValues("statecraft.session.strategy=" + label).run(context -> {
      assertThat(context).hasNotFailed();
      assertThat(context).hasSingleBean(SessionRepository.class).hasSingleBean(SessionStoreStatus.class);
      assertThat(context.getBean(SessionRepository.class).getClass().getPackageName())
          .isEqualTo("dev.statecraft.session." + label);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "cookie"})
  void nothingOfRedisExistsUnlessItWasChosen(String label) {
    runner.withPropertyValues("statecraft.session.strategy=" + label).run(context -> {
      assertThat(context).doesNotHaveBean(RedisConnectionFactory.class);
      assertThat(Arrays.stream(context.getBeanDefinitionNames()).map(name -> name.toLowerCase(Locale.ROOT)))
          .noneMatch(name -> name.contains("redis") || name.contains("lettuce"));
    });
  }

  @Test
  void keyRingExistsOnlyWhereAClientHoldsSomethingSealed() {
    runner.run(context -> assertThat(context).doesNotHaveBean(KeyRing.class));
    runner.withPropertyValues("statecraft.session.strategy=cookie")
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
  void unusableSettingStopsTheStartWithOneMessageThatNamesIt(String setting, String message) {
    runner.withPropertyValues(setting).run(context -> {
      assertThat(context).hasFailed();
      Throwable failure = Objects.requireNonNull(context.getStartupFailure());
      FailureAnalysis analysis = Objects.requireNonNull(new InvalidSettingFailureAnalyzer().analyze(failure));
      assertThat(analysis.getDescription()).contains(message);
      assertThat(analysis.getAction()).contains(setting.substring(0, setting.indexOf('=')));
    });
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "statecraft.session.keys.a=short | statecraft.session.keys.a is not 32 bytes",
    "statecraft.session.active-key=a | statecraft.session.keys is empty",
    "statecraft.session.cookie.absolute-timeout=0s | statecraft.session.cookie.absolute-timeout is PT0S"})
  void unusableSettingOfTheChosenStrategyStopsTheStart(String setting, String message) {
    runner
        .withPropertyValues("statecraft.session.strategy=cookie", setting)
        .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(message));
  }

  @Test
  void badInputEndsTheProcessWithCodeTwo() {
    assertThat(new InvalidSettingException("a.b", "is wrong", "something right"))
        .isInstanceOf(ExitCodeGenerator.class)
        .extracting(InvalidSettingException::getExitCode)
        .isEqualTo(2);
  }

  @Test
  void applicationWithoutServletsIsLeftAlone() {
    SpringApplication application = new SpringApplication(Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    try (ConfigurableApplicationContext context = application.run("--spring.main.banner-mode=off")) {
      assertThat(context.getBeanNamesForType(SessionRepository.class)).isEmpty();
    }
  }
}
