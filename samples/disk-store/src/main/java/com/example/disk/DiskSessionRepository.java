package com.example.disk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.session.MapSession;
import org.springframework.session.SessionRepository;
import org.springframework.session.UuidSessionIdGenerator;

/** A save replaces the whole session. Thread-safe. */
final class DiskSessionRepository implements SessionRepository<MapSession> {
  private final SessionFiles files;
  private final Duration timeout;

  DiskSessionRepository(SessionFiles files, Duration timeout) {
    this.files = files;
    this.timeout = timeout;
  }

  @Override
  public MapSession createSession() {
    MapSession session = new MapSession();
    session.setMaxInactiveInterval(timeout);
    return session;
  }

  @Override
  public void save(MapSession session) {
    MapSession stored = new MapSession(session);
    files.write(stored.getId(), stored);
    if (!session.getId().equals(session.getOriginalId())) {
      files.delete(session.getOriginalId());
    }
  }

  @Override
  public @Nullable MapSession findById(String id) {
    MapSession session = SessionFiles.isId(id) ? files.read(id) : null;
    if (session == null) {
      return null;
    }
    if (session.isExpired()) {
      files.delete(id);
      return null;
    }
    // It is not serialized with the session.
    session.setSessionIdGenerator(UuidSessionIdGenerator.getInstance());
    return session;
  }

  @Override
  public void deleteById(String id) {
    if (SessionFiles.isId(id)) {
      files.delete(id);
    }
  }
}
