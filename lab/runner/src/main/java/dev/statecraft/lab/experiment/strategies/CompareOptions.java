package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The unvalidated options of a comparison of strategies.
 *
 * @param seed null to draw one
 * @param warmUp the bound of the warm-up
 * @param repeat the rounds without faults
 * @param out the results directory; null for a new one
 */
public record CompareOptions(List<String> strategies, int nodes, double rate, String duration, int sessions,
    String faults, @Nullable Long seed, String reads, String writes, String workload, String warmUp, int repeat,
    @Nullable Path out) {
  private static final Duration MIN_DURATION = Duration.ofSeconds(2);
  private static final Duration MAX_DURATION = Duration.ofMinutes(20);
  private static final Duration MAX_WARM_UP = Duration.ofMinutes(10);
  private static final Duration PER_KILL = Duration.ofSeconds(15);
  private static final int MAX_REPEAT = 20;
  private static final int MAX_SESSIONS = 10_000;

  /**
   * The same options with kills as the only faults. Without a given duration, each kill has time to be restarted.
   *
   * @param given the names of the options on the command line
   */
  public CompareOptions withKills(int kills, Set<String> given) {
    if (given.contains("--faults")) {
      throw new InvalidInput("--kills: excludes --faults; repeat kill in --faults for a mix");
    }
    if (kills < 1 || kills > FaultNames.MAX_FAULTS) {
      throw new InvalidInput("--kills " + kills + ": must be from 1 to " + FaultNames.MAX_FAULTS);
    }
    return new CompareOptions(strategies, nodes, rate,
        given.contains("--duration") ? duration : OptionText.format(PER_KILL.multipliedBy(kills)), sessions,
        FaultNames.format(Collections.nCopies(kills, FaultNames.KILL)), seed, reads, writes, workload, warmUp, repeat,
        out);
  }

  /** Checks the options that do not depend on the environment. */
  void check() {
    StrategyNames.parse(strategies);
    OptionText.rate(rate);
    OptionText.duration("--duration", duration, MIN_DURATION, MAX_DURATION);
    OptionText.duration("--warm-up", warmUp, Duration.ZERO, MAX_WARM_UP);
    if (sessions < 1 || sessions > MAX_SESSIONS) {
      throw new InvalidInput("--sessions " + sessions + ": must be from 1 to " + MAX_SESSIONS);
    }
    if (repeat < 0 || repeat > MAX_REPEAT) {
      throw new InvalidInput("--repeat " + repeat + ": must be from 0 to " + MAX_REPEAT);
    }
    StrategyNames.workload(workload);
    FaultNames.parse(faults);
  }

  /** The plan for local clusters. */
  ComparePlan local(Instant startedAt) {
    checkCluster();
    check();
    if (!FaultNames.parse(faults).isEmpty() && nodes < 2) {
      throw new InvalidInput("--nodes " + nodes + ": faults need at least 2 nodes");
    }
    return plan(StrategyNames.parse(strategies), reads, writes, null, OutputDirectory.create(out, "%s", startedAt));
  }

  /** The plan for a release, which determines nodes, reads and writes. */
  ComparePlan onRelease(Release release, EnvironmentOptions environment, Instant startedAt) {
    check();
    return plan(StrategyNames.among(strategies, release.shape()), release.reads().orElse(Reads.SESSION),
        release.writes().orElse(Writes.LAST_WRITE_WINS), environment.format(release.location(), release.shape().name()),
        OutputDirectory.create(out, "%s", startedAt));
  }

  /** The plan from which a soak test derives its runs. */
  ComparePlan soak(Instant startedAt) {
    checkCluster();
    return plan(StrategyNames.parse(strategies), reads, writes, null,
        OutputDirectory.create(out, "soak-%s", startedAt));
  }

  /** Checks the options of local clusters. */
  private void checkCluster() {
    StrategyNames.checkNodes(nodes, StrategyNames.parse(strategies));
    StrategyNames.checkReads(reads);
    StrategyNames.checkWrites(writes);
  }

  /** The given seed, or a random one. */
  long seedOrRandom() {
    return seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000) : seed;
  }

  private ComparePlan plan(List<SessionStrategy> chosen, String actualReads, String actualWrites,
      @Nullable String environment, Path directory) {
    return new ComparePlan(chosen, nodes, rate, OptionText.duration("--duration", duration), sessions,
        FaultNames.parse(faults), seedOrRandom(), actualReads, actualWrites, StrategyNames.workload(workload),
        environment, OptionText.duration("--warm-up", warmUp), repeat, directory);
  }
}
