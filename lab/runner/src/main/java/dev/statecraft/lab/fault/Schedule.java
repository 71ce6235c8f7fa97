package dev.statecraft.lab.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Which fault is injected when, for one strategy. Follows from the faults that were asked for and the seed.
 *
 * @param planned in the order in which they are due; a fault that is held delays the next
 * @param notRun those that were asked for and cannot be injected
 */
public record Schedule(List<Planned> planned, List<NotRun> notRun) {
  /** Stands for any fault that can be injected, drawn by the seed. */
  public static final String ANY = "random";

  private static final Duration MAX_DURATION = Duration.ofSeconds(3);

  public Schedule {
    planned = List.copyOf(planned);
    notRun = List.copyOf(notRun);
  }

  /**
   * One fault of the schedule.
   *
   * @param at when it is due, since measuring began
   * @param duration how long it is held
   */
  public record Planned(Fault fault, Duration at, Duration duration) {}

  /** A fault that cannot be injected, and why. */
  public record NotRun(String fault, String why) {}

  /**
   * Draws a schedule: each fault gets an equal part of the run, in an order drawn by the seed, and is injected around
   * the middle of its part.
   *
   * @param names of faults; {@link #ANY} stands for one drawn by the seed
   * @param unsupportedReason why a fault cannot be injected; empty where it can
   * @param over how long is measured
   */
  public static Schedule draw(
      List<String> names, Function<Fault, Optional<String>> unsupportedReason, Duration over, RandomGenerator random) {
    List<Fault> possible = Faults.all().stream().filter(fault -> unsupportedReason.apply(fault).isEmpty()).toList();
    List<Fault> faults = new ArrayList<>();
    List<NotRun> notRun = new ArrayList<>();
    for (String name : names) {
      Fault fault = name.equals(ANY)
          ? possible.get(random.nextInt(possible.size()))
          : Faults.named(name).orElseThrow(() -> new IllegalArgumentException("there is no fault " + name));
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
      planned.add(new Planned(faults.get(i), Duration.ofNanos((long) (over.toNanos() * share)),
          faults.get(i).duration(usual(over.dividedBy(faults.size())))));
    }
    return new Schedule(planned, notRun);
  }

  /** How long a fault is held that does not say otherwise. */
  private static Duration usual(Duration part) {
    Duration share = part.dividedBy(5);
    return share.compareTo(MAX_DURATION) < 0 ? share : MAX_DURATION;
  }
}
