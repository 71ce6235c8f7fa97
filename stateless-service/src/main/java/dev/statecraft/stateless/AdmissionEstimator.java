package dev.statecraft.stateless;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * How long a request that is taken in now will wait for a processor. A bound on how many wait would be right for one
 * kind of work only: a thousand that need 0.2 ms are soon served, and a thousand that need 2 ms are all too late. Where
 * they go in order, each place in the queue costs what it cost the last that was served, so its wait and its place
 * foretell the next one's. What the last has waited would not do alone: it tells of the queue as it was when that one
 * came, and one that has grown since by the wait of a second takes in for a second those that are answered too late.
 * Thread-safe.
 */
@Component
public final class AdmissionEstimator {
  /**
   * Long enough to sit out a pause of the collector or the compiler; and who waited so long is still answered in time.
   */
  public static final Duration LONGEST = Duration.ofMillis(500);

  /**
   * How many times itself a wait foretells at most. One that came alone and met a pause of the collector would foretell
   * minutes to those that came behind it in the pause.
   */
  private static final double MOST_GROWTH = 2;

  private final Duration longest;
  private final LongSupplier nanoTime;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Wait last = Wait.NONE;

  /** A queue that nobody waits in, and none is to wait in for longer than {@link #LONGEST}. */
  @Autowired
  public AdmissionEstimator() {
    this(LONGEST, System::nanoTime);
  }

  /** The same with another bound, and by another clock, in nanoseconds. */
  public AdmissionEstimator(Duration longest, LongSupplier nanoTime) {
    this.longest = longest;
    this.nanoTime = nanoTime;
  }

  /**
   * One begins to wait.
   *
   * @return what to give to {@link #left} when its waiting ends, however it does
   */
  public Place joined() {
    return new Place(nanoTime.getAsLong(), waiting.incrementAndGet());
  }

  /** One waits no longer. */
  public void left(Place place) {
    long waited = nanoTime.getAsLong() - place.joinedNanos;
    last = waiting.decrementAndGet() == 0 ? Wait.NONE : new Wait(waited, place.number);
  }

  /** Whether a further one would wait for too long, so that a refusal serves it better. */
  public boolean isTooLong() {
    int places = waiting.get();
    return places > 0 && last.foretells(places) > longest.toNanos();
  }

  /**
   * Where one waits.
   *
   * @param number of those that waited when it came, itself included
   */
  public record Place(long joinedNanos, int number) {}

  private record Wait(long nanos, int places) {
    private static final Wait NONE = new Wait(0, 1);

    private double foretells(int placesNow) {
      return nanos * Math.min((double) placesNow / places, MOST_GROWTH);
    }
  }
}
