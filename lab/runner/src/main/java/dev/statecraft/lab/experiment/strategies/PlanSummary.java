package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.environment.kubernetes.Release.ReleaseLocation;
import dev.statecraft.lab.environment.kubernetes.ReleaseFaultTarget;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.fault.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the lab says to the owner of a release before it does anything to it. */
public final class PlanSummary {
  private PlanSummary() {}

  /** One line on where it is, and one on what is done to each strategy. */
  public static List<String> of(ComparePlan plan, Release release) {
    ReleaseLocation location = release.location();
    List<String> lines = new ArrayList<>();
    lines.add("Release " + release.shape().name() + " in namespace " + location.namespace() + ", Kubernetes "
        + location.version() + " at " + location.server()
        + (location.context() == null ? "" : " (context " + location.context() + ")") + "; the load goes to "
        + release.gateway() + (release.isPortForwarded() ? " (a port forwarded to one pod)" : ""));
    for (SessionStrategy strategy : plan.strategies()) {
      lines.add(line(plan, strategy, ReleaseFaultTarget.of(release, strategy).facts()));
    }
    return List.copyOf(lines);
  }

  /** What is done to one strategy. */
  static String line(ComparePlan plan, SessionStrategy strategy, ReleaseFacts release) {
    List<String> done = new ArrayList<>();
    List<String> not = new ArrayList<>();
    for (String name : plan.faults()) {
      Optional<Fault> fault = Faults.named(name);
      if (fault.isEmpty()) {
        done.add(Schedule.RANDOM + " (any fault that can be done)");
      } else if (Faults.unsupportedOn(release, fault.get(), strategy).isEmpty()) {
        done.add(fault.get().describe(release));
      } else {
        not.add(name);
      }
    }
    return strategy.id() + ": " + (done.isEmpty() ? "nothing is harmed" : "will " + counted(done))
        + (not.isEmpty() ? "" : "; cannot be done here: " + String.join(", ", not));
  }

  private static String counted(List<String> words) {
    return String.join(", ", words.stream().distinct().map(word -> {
      long times = words.stream().filter(word::equals).count();
      return times == 1 ? word : word + " (" + times + " times)";
    }).toList());
  }
}
