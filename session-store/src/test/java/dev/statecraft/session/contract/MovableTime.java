package dev.statecraft.session.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that only the test advances. */
public final class MovableTime implements InstantSource {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.MILLIS));

  @Override
  public Instant instant() {
    return now.get();
  }

  public void pass(Duration duration) {
    now.updateAndGet(instant -> instant.plus(duration));
  }
}
