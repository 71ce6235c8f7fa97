package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.session.MapSession;
import org.springframework.session.SessionRepository;

class LastWriteWinsStoreTest {
  private final FailingSessions failing = new FailingSessions();
  private final LastWriteWinsStore<MapSession> store = LastWriteWinsStore
      .create(failing, new LettuceConnectionFactory(), Duration.ofSeconds(30), InstantSource.system());
  private final LastWriteWinsSession<MapSession> session = Objects.requireNonNull(store.findById("stored"));

  @Test
  void requestDoesNotRetryFailedSave() {
    session.setAttribute("cart", "apple");
    session.changeSessionId();

    assertThatExceptionOfType(SessionStoreException.class)
        .isThrownBy(() -> store.save(session))
        .matches(rejection -> rejection.reason() == Reason.UNAVAILABLE);
    store.save(session);
    session.setAttribute("cart", "pear");
    store.save(session);

    assertThat(failing.calls).containsExactly("save");
    assertThat(session.getId()).isEqualTo("stored");
  }

  @Test
  void unchangedSessionNeedsNoWrite() {
    session.setLastAccessedTime(session.getLastAccessedTime().plusSeconds(29));

    store.save(session);

    assertThat(failing.calls).isEmpty();
  }

  private static final class FailingSessions implements SessionRepository<MapSession> {
    final List<String> calls = new ArrayList<>();

    @Override
    public MapSession createSession() {
      return new MapSession();
    }

    @Override
    public void save(MapSession session) {
      calls.add("save");
      throw new QueryTimeoutException("no response");
    }

    @Override
    public @Nullable MapSession findById(String id) {
      return new MapSession(id);
    }

    @Override
    public void deleteById(String id) {
      calls.add("delete");
    }
  }
}
