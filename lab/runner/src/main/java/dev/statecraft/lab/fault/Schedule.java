package dev.statecraft.lab.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one strategy's run and when each is due. Determined by the requested faults and the seed.
 *
 * @param planned in the order in which they are due; a fault that is held delays the next
 * @param notRun requested faults that cannot be injected
 */
public record Schedule(List<Planned> planned, List<NotRun> notRun) {
  /** The name that stands for any supported fault, drawn by the seed. */
  public static final String RANDOM = "random";

  private static final Duration MAX_DURATION = Duration.ofSeconds(3);

  public Schedule {
    planned = List.copyOf(planned);
    notRun = List.copyOf(notRun);
  }

  /**
   * One fault of the schedule.
   *
   * @param at when it is due, counted from the start of measuring
   * @param duration how long it is held
   * @param target the node that it hits; null if the fault chooses its targets
   */
  public record Planned(Fault fault, Duration at, Duration duration, @Nullable String target) {
    public Planned(Fault fault, Duration at, Duration duration) {
      this(fault, at, duration, null);
    }
  }

  /** A requested fault that cannot be injected, and the reason. */
  public record NotRun(String fault, String reason) {}

  /**
   * Draws a schedule. Each fault gets an equal part of the run, in random order, and is injected around the middle of
   * its part.
   *
   * @param names of faults, or {@link #RANDOM}
   * @param unsupportedReason why a fault cannot be injected; empty if it can
   * @param measured how long the run is measured
   */
  public static Schedule draw(List<String> names, Function<Fault, Optional<String>> unsupportedReason,
      Duration measured, RandomGenerator random) {
    List<Fault> supported = Faults.all().stream().filter(fault -> unsupportedReason.apply(fault).isEmpty()).toList();
    List<Fault> faults = new ArrayList<>();
    List<NotRun> notRun = new ArrayList<>();
    for (String name : names) {
      Fault fault = name.equals(RANDOM)
          ? supported.get(random.nextInt(supported.size()))
          : Faults.named(name).orElseThrow(() -> new IllegalArgumentException("unknown fault " + name));
      Optional<String> reason = unsupportedReason.apply(fault);
      if (reason.isEmpty()) {
        faults.add(random.nextInt(faults.size() + 1), fault);
      } else {
        notRun.add(new NotRun(name, reason.get()));
      }
    }
    List<Planned> planned = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      double share = (i + 0.45 + 0.1 * random.nextDouble()) / faults.size();
      planned.add(new Planned(faults.get(i), Duration.ofNanos((long) (measured.toNanos() * share)),
          faults.get(i).duration(usual(measured.dividedBy(faults.size())))));
    }
    return new Schedule(planned, notRun);
  }

  /** How long a fault without a duration of its own is held. */
  private static Duration usual(Duration part) {
    Duration share = part.dividedBy(5);
    return share.compareTo(MAX_DURATION) < 0 ? share : MAX_DURATION;
  }
}
