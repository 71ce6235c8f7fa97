package dev.statecraft.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.SessionStoreAutoConfiguration;
import dev.statecraft.session.reactive.SessionReactiveAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.session.ReactiveSessionRepository;

/** The strategy {@code affinity} in a WebFlux application. */
class AffinitySessionTest {
  private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          SessionStoreAutoConfiguration.class, SessionReactiveAutoConfiguration.class));

  @Test
  void oneNodeHoldsItsSessions() {
    runner.run(context -> assertThat(context).hasSingleBean(ReactiveSessionRepository.class));
  }

  @Test
  void peersAreRefusedAtStart() {
    runner.withPropertyValues("statecraft.session.affinity.peers=a=http://127.0.0.1:1")
        .run(context -> assertThat(context).getFailure().rootCause().isInstanceOf(InvalidSettingException.class)
            .hasMessageContaining("statecraft.session.affinity.peers"));
  }
}
