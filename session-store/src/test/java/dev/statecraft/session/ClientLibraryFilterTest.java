package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class ClientLibraryFilterTest {
  private static final String REDIS = "org.springframework.boot.data.redis.autoconfigure.";

  private static Set<String> unusedWith(String... properties) {
    MockEnvironment environment = new MockEnvironment();
    for (int i = 0; i < properties.length; i += 2) {
      environment.setProperty(properties[i], properties[i + 1]);
    }
    ClientLibraryFilter filter = new ClientLibraryFilter();
    filter.setEnvironment(environment);
    filter.setBeanClassLoader(ClientLibraryFilterTest.class.getClassLoader());
    return filter.unusedLibraries();
  }

  @Test
  void excludesLibraryOfStrategyThatIsNotSelected() {
    assertThat(unusedWith("spring.data.redis.timeout", "1s")).containsExactly(REDIS);
    assertThat(unusedWith(SessionStrategies.PROPERTY, "redis")).isEmpty();
  }

  @Test
  void keepsLibraryThatApplicationUses() {
    assertThat(unusedWith("spring.data.redis.host", "cache")).isEmpty();
    assertThat(unusedWith("spring.data.redis.cluster.nodes[0]", "cache:6379")).isEmpty();
    assertThat(unusedWith("spring.data.redis.sentinel.nodes", "cache:26379")).isEmpty();
    assertThat(unusedWith("statecraft.session.cookie.deny-list", "redis")).isEmpty();
    assertThat(unusedWith("statecraft.session.cookie.deny-list", "none")).containsExactly(REDIS);
  }
}
