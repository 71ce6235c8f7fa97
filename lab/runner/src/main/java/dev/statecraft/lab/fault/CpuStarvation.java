package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Limits a node's process to a twentieth of one processor by a Linux control group, version 1 or 2: 5 ms of CPU time in
 * every 100 ms. The kernel stops all its threads at once when the time is used up, in contrast to a lower priority.
 */
record CpuStarvation(Path controlGroups) implements Fault {
  private static final int QUOTA_MICROS = 5_000;
  private static final int PERIOD_MICROS = 100_000;

  CpuStarvation() {
    this(Path.of("/sys/fs/cgroup"));
  }

  @Override
  public String name() {
    return "cpu-starve";
  }

  @Override
  public String requirement() {
    return "on Linux, with write access to the CPU control groups";
  }

  /** A starved node can miss its heartbeats and health checks, so that others consider it dead. */
  @Override
  public FaultEffects effects() {
    return FaultEffects.of(Effect.UNREACHABLE);
  }

  @Override
  public Optional<String> unsupportedLocally() {
    return root().isPresent()
        ? Optional.empty()
        : Optional.of("no CPU control group below " + controlGroups + " is writable");
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of("Kubernetes cannot change the CPU limit of a running container");
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure {
    for (String target : targets) {
      OptionalLong pid = cluster.pid(target);
      try {
        if (pid.isPresent()) {
          starve(target, pid.getAsLong());
        }
      } catch (IOException failure) {
        throw new ClusterFailure("cannot limit the CPU time of " + target + ": " + failure, failure);
      }
    }
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws ClusterFailure {
    try {
      release(target);
    } catch (IOException failure) {
      throw new ClusterFailure("cannot remove the limit of the CPU time of " + target + ": " + failure, failure);
    }
  }

  private void starve(String target, long pid) throws IOException {
    Path group = Files.createDirectories(group(target));
    if (Files.exists(group.resolve("cpu.max"))) {
      Files.writeString(group.resolve("cpu.max"), QUOTA_MICROS + " " + PERIOD_MICROS);
    } else {
      Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
      Files.writeString(group.resolve("cpu.cfs_quota_us"), Integer.toString(QUOTA_MICROS));
    }
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
  }

  /** Moves the process to the group of this process, in which it was started, and removes its own. */
  private void release(String target) throws IOException {
    Path group = group(target);
    if (!Files.exists(group)) {
      return;
    }
    Path processes = ownGroup().resolve("cgroup.procs");
    for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
      Files.writeString(processes, pid);
    }
    Files.delete(group);
  }

  private Path group(String target) throws IOException {
    return writableRoot().resolve("statecraft-" + ProcessHandle.current().pid() + "-" + target);
  }

  private Path writableRoot() throws IOException {
    return root().orElseThrow(() -> new IOException("no CPU control group is writable"));
  }

  /** The directory below which a group with a CPU limit can be created. */
  private Optional<Path> root() {
    Path version1 = controlGroups.resolve("cpu");
    if (Files.isWritable(version1.resolve("cgroup.procs"))) {
      return Files.isWritable(version1) ? Optional.of(version1) : Optional.empty();
    }
    // Version 2: a subgroup has cpu.max if its parent passes the controller on.
    Path controllers = controlGroups.resolve("cgroup.subtree_control");
    try {
      return Files.isWritable(controlGroups) && Files.exists(controllers)
          && List.of(Files.readString(controllers).strip().split(" ")).contains("cpu")
              ? Optional.of(controlGroups)
              : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** The group of this process; the root where a container hides the path from it. */
  private Path ownGroup() throws IOException {
    Path root = writableRoot();
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      boolean ofCpu = root.equals(controlGroups) ? fields[1].isEmpty() : List.of(fields[1].split(",")).contains("cpu");
      Path group = root.resolve(fields[2].substring(1));
      if (ofCpu && Files.isDirectory(group)) {
        return group;
      }
    }
    return root;
  }
}
