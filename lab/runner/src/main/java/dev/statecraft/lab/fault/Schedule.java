package dev.statecraft.lab.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Which fault is done when, for one strategy. All of it follows from the faults that were asked for and the seed.
 *
 * @param planned in the order in which they are due; a fault that lasts delays the next
 * @param notRun those that were asked for and cannot be done
 */
public record Schedule(List<Planned> planned, List<NotRun> notRun) {
  /** Stands for any fault that can be done, drawn by the seed. */
  public static final String ANY = "random";

  private static final Duration LONGEST = Duration.ofSeconds(3);

  public Schedule {
    planned = List.copyOf(planned);
    notRun = List.copyOf(notRun);
  }

  /**
   * One fault of the schedule.
   *
   * @param at when it is due, since measuring began
   * @param lasting how long its cause stays
   */
  public record Planned(Fault fault, Duration at, Duration lasting) {}

  /** A fault that cannot be done, and why. */
  public record NotRun(String fault, String why) {}

  /**
   * Draws a schedule: each fault gets an equal part of the run, in an order drawn by the seed, and strikes around the
   * middle of its part.
   *
   * @param names of faults; {@link #ANY} stands for one drawn by the seed
   * @param whyNot why a fault cannot be done, empty where it can
   * @param over how long is measured
   */
  public static Schedule draw(
      List<String> names, Function<Fault, Optional<String>> whyNot, Duration over, RandomGenerator random) {
    List<Fault> possible = Fault.all().stream().filter(fault -> whyNot.apply(fault).isEmpty()).toList();
    List<Fault> faults = new ArrayList<>();
    List<NotRun> notRun = new ArrayList<>();
    for (String name : names) {
      Fault fault = name.equals(ANY)
          ? possible.get(random.nextInt(possible.size()))
          : Fault.named(name).orElseThrow(() -> new IllegalArgumentException("there is no fault " + name));
      Optional<String> why = whyNot.apply(fault);
      if (why.isEmpty()) {
        faults.add(random.nextInt(faults.size() + 1), fault);
      } else {
        notRun.add(new NotRun(name, why.get()));
      }
    }
    List<Planned> planned = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      double share = (i + 0.45 + 0.1 * random.nextDouble()) / faults.size();
      planned.add(
          new Planned(
              faults.get(i), Duration.ofNanos((long) (over.toNanos() * share)),
              faults.get(i).lasting(usual(over.dividedBy(faults.size())))));
    }
    return new Schedule(planned, notRun);
  }

  /** How long a killed node stays away. */
  private static Duration usual(Duration part) {
    Duration share = part.dividedBy(5);
    return share.compareTo(LONGEST) < 0 ? share : LONGEST;
  }
}
