package dev.statecraft.session.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSession;
import org.springframework.session.MapSessionRepository;

class MeteredSessionRepositoryTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private long count(String operation, String outcome) {
    return meters.get("statecraft.session.operations").tags("operation", operation, "outcome", outcome).timer()
        .count();
  }

  @Test
  void countsEachOperationByOutcome() {
    MeteredSessionRepository<MapSession> repository = MeteredSessionRepository
        .of(new MapSessionRepository(new HashMap<>()), meters);
    MapSession session = repository.createSession();
    repository.save(session);
    assertThat(repository.findById(session.getId())).isNotNull();
    repository.deleteById(session.getId());
    assertThat(repository.findById(session.getId())).isNull();
    assertThat(count("save", "saved")).isEqualTo(1);
    assertThat(count("find", "found")).isEqualTo(1);
    assertThat(count("find", "missed")).isEqualTo(1);
    assertThat(count("delete", "deleted")).isEqualTo(1);
    assertThat(count("find", "unavailable")).isZero();
  }

  @Test
  void countsWhyTheStoreFailed() {
    MeteredSessionRepository<MapSession> conflicting = MeteredSessionRepository
        .of(new Failing(new SessionStoreException(Reason.CONFLICT, "expected")), meters);
    assertThatThrownBy(() -> conflicting.save(new MapSession())).isInstanceOf(SessionStoreException.class);
    assertThat(count("save", "conflict")).isEqualTo(1);
    MeteredSessionRepository<MapSession> broken = MeteredSessionRepository
        .of(new Failing(new IllegalStateException("expected")), meters);
    assertThatThrownBy(() -> broken.findById("id")).isInstanceOf(IllegalStateException.class);
    assertThat(count("find", "error")).isEqualTo(1);
  }

  @Test
  void findsByNameOnlyIfTheStrategyDoes() {
    assertThat(MeteredSessionRepository.of(new Failing(new IllegalStateException()), meters))
        .isInstanceOf(FindByIndexNameSessionRepository.class);
    assertThat(MeteredSessionRepository.of(new MapSessionRepository(new HashMap<>()), meters))
        .isNotInstanceOf(FindByIndexNameSessionRepository.class);
  }

  private record Failing(RuntimeException failure) implements FindByIndexNameSessionRepository<MapSession> {
    @Override
    public MapSession createSession() {
      return new MapSession();
    }

    @Override
    public void save(MapSession session) {
      throw failure;
    }

    @Override
    public MapSession findById(String id) {
      throw failure;
    }

    @Override
    public void deleteById(String id) {
      throw failure;
    }

    @Override
    public Map<String, MapSession> findByIndexNameAndIndexValue(String indexName, String indexValue) {
      throw failure;
    }
  }
}
