package dev.statecraft.lab.environment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionStoreStateTest {

  @Test
  void parsesLeaderAndPrimary() {
    assertThat(SessionStoreState.parse("{\"sessions\":3,\"leader\":\"n2\"}"))
        .contains(new SessionStoreState(3, "n2", null));
    assertThat(SessionStoreState.parse("{\"sessions\":3,\"primary\":\"redis-node-1.redis-node\"}"))
        .contains(new SessionStoreState(3, null, "redis-node-1.redis-node"));
    assertThat(SessionStoreState.parse("{\"sessions\":null,\"primary\":null}"))
        .contains(new SessionStoreState(0, null, null));
  }

  @Test
  void ignoresInvalidJson() {
    assertThat(SessionStoreState.parse("<html>")).isEmpty();
  }
}
