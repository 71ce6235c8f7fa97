package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.environment.kubernetes.Release.ReleaseLocation;
import dev.statecraft.lab.environment.kubernetes.ReleaseFaultTarget;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.fault.Schedule;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Summarizes a plan for the owner of the release to be measured. */
public final class PlanSummary {
  private PlanSummary() {}

  /** One line about the release, and one per strategy. */
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

  /** The faults that will be injected into one strategy. */
  static String line(ComparePlan plan, SessionStrategy strategy, ReleaseFacts release) {
    List<String> supported = new ArrayList<>();
    List<String> unsupported = new ArrayList<>();
    for (String name : plan.faults()) {
      Optional<Fault> fault = Faults.named(name);
      if (fault.isEmpty()) {
        supported.add(Schedule.RANDOM + " (any supported fault)");
      } else if (Faults.unsupportedOn(release, fault.get(), strategy).isEmpty()) {
        supported.add(fault.get().describe(release));
      } else {
        unsupported.add(name);
      }
    }
    return strategy.id() + ": " + (supported.isEmpty() ? "no faults" : "will " + counted(supported))
        + (unsupported.isEmpty() ? "" : "; not supported here: " + String.join(", ", unsupported));
  }

  private static String counted(List<String> actions) {
    return String.join(", ", actions.stream().distinct().map(action -> {
      long times = actions.stream().filter(action::equals).count();
      return times == 1 ? action : action + " (" + times + " times)";
    }).toList());
  }
}
