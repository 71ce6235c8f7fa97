package dev.statecraft.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class TracingSwitchTest {
  private static final String COLLECTOR = "--management.opentelemetry.tracing.export.otlp.endpoint=";

  @SpringBootConfiguration
  @EnableAutoConfiguration
  static class Application {}

  @Test
  void applicationWithoutCollectorHasNoTracer() {
    try (ConfigurableApplicationContext context = start(COLLECTOR)) {
      assertThat(context.getBeanNamesForType(Tracer.class)).isEmpty();
      assertThat(context.getBeanFactory().getBeanDefinitionNames()).noneMatch(name -> name.contains("otel"));
      assertThat(context.getEnvironment().getProperty("logging.expect-correlation-id")).isEqualTo("false");
      assertThat(context.getEnvironment().getProperty("spring.reactor.context-propagation")).isNull();
    }
  }

  @Test
  void addressOfCollectorSwitchesTracingOn() {
    try (ConfigurableApplicationContext context = start(COLLECTOR + "http://127.0.0.1:9/v1/traces")) {
      assertThat(context.getBeanNamesForType(Tracer.class)).hasSize(1);
      assertThat(context.getEnvironment().getProperty("logging.expect-correlation-id")).isEqualTo("true");
      assertThat(context.getEnvironment().getProperty("spring.reactor.context-propagation")).isEqualTo("auto");
    }
  }

  @Test
  void propertyOfSpringBootDecidesIfItIsSet() {
    try (ConfigurableApplicationContext context = start(COLLECTOR + "http://127.0.0.1:9/v1/traces",
        "--management.tracing.export.enabled=false")) {
      assertThat(context.getBeanNamesForType(Tracer.class)).isEmpty();
    }
  }

  private static ConfigurableApplicationContext start(String... arguments) {
    return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
        .properties("spring.main.banner-mode=off", "logging.level.root=warn").run(arguments);
  }
}
