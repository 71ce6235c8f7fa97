package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.Rounds.CpuMicros;
import dev.statecraft.lab.experiment.strategies.report.Rounds.Round;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.CheckoutVerdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Counterexample;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.SessionVerdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Verdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.WarmUp;
import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.load.Measurement.Timeline;
import dev.statecraft.lab.report.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Invented results: runs of 20 s in which a node is killed after 10 s. Equal at each call. */
public final class SampleResults {
  static final Verdict NO_ANOMALY = new Verdict(7_412, 0, 0, 0, 0, 0, 0, 0, 0);

  static final CheckoutVerdict NO_CHECKOUT_ANOMALY = new CheckoutVerdict(390, 0, 0);
  static final SessionVerdict NO_SESSION_ANOMALY = new SessionVerdict(140, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private SampleResults() {}

  public static StrategyResults fourStrategies() {
    return of(List.of(affinity(), redis(), replicated("session"), cookie()));
  }

  public static StrategyResults of(List<Run> runs) {
    return new StrategyResults(
        StrategyResults.SCHEMA, Instant.parse("2026-03-14T09:26:53Z"),
        "./statecraft compare --rate 300 --duration 20s --sessions 120 --seed 42", 42,
        new Machine("Linux 6.8 amd64", 2, 8L << 30, "25.0.1+8 (Temurin)"), runs);
  }

  /** The same run with three rounds without faults: p50 and p99 of each, in milliseconds. */
  static Run withRounds(Run run, double[] p50, double[] p99) {
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < p50.length; i++) {
      rounds.add(
          new Round(900, 0, 150, new Latency(p50[i], p99[i], 2 * p99[i], 3 * p99[i]),
              new CpuMicros(400 + p50[i], 900, 50, 700)));
    }
    return new Run(
        run.strategy(), run.guarantee(), run.anomaly(), run.reads(), run.nodes(), run.sessions(),
        run.offeredPerSecond(), run.durationSeconds(), run.requests(), run.errors(), run.unknown(),
        run.throughputPerSecond(), run.latencyMillis(), run.faults(), run.notRun(), run.verdict(),
        run.sessionVerdict(), run.checkoutVerdict(), run.allowed(), run.guaranteeKept(), run.counterexamples(),
        run.timeline(), run.history(), run.warmUp(), Rounds.of(6, null, rounds));
  }

  static Run with(Run run, WarmUp warmUp) {
    return new Run(
        run.strategy(), run.guarantee(), run.anomaly(), run.reads(), run.nodes(), run.sessions(),
        run.offeredPerSecond(), run.durationSeconds(), run.requests(), run.errors(), run.unknown(),
        run.throughputPerSecond(), run.latencyMillis(), run.faults(), run.notRun(), run.verdict(),
        run.sessionVerdict(), run.checkoutVerdict(), run.allowed(), run.guaranteeKept(), run.counterexamples(),
        run.timeline(), run.history(), warmUp, run.rounds());
  }

  /** Cookie and affinity overlap in p50; redis is slower by 1 ms. */
  public static StrategyResults repeated() {
    return of(
        List.of(
            withRounds(affinity(), new double[]{1.8, 1.9, 1.7}, new double[]{12, 14, 13}),
            withRounds(redis(), new double[]{2.8, 2.9, 2.7}, new double[]{12.5, 15, 13}),
            withRounds(cookie(), new double[]{1.6, 1.85, 1.7}, new double[]{9, 11, 10})));
  }

  static Run affinity() {
    return run(
        "affinity", "linearizable while its owner lives", "if a node is lost, its sessions are lost", null,
        new Latency(1.8134, 14.207, 88.51, 240.9),
        new FaultResult("kill", "affinity-2", 10_000, 10_050L, 212.4, null, 3_310.2, 230.1, 212.4, 1_904.6),
        new Verdict(7_412, 0, 41, 187, 0, 0, 0, 0, 0), List.of("lostSessions", "lostItems"),
        List.of(lostSession("user-17", 17, 0), lostSession("user-23", 23, 40), lostSession("user-31", 31, 95)),
        timeline(1.8, 0.9, 14));
  }

  public static Run redis() {
    return run(
        "redis", "any node serves any session",
        "the last of concurrent writes to a session wins; what Redis loses on failover is lost", null,
        new Latency(2.6021, 16.93, 61.2, 190.4),
        new FaultResult("kill", "redis-1", 10_000, 10_050L, 35.8, 41.2, 3_120.7, 35.8, 39.9, 33.7), NO_ANOMALY,
        List.of(), List.of(),
        timeline(2.6, 0.02, 1));
  }

  static Run replicated(@Nullable String reads) {
    return run(
        "replicated",
        "an acknowledged write survives the loss of any minority of nodes; a user reads their own writes",
        "the minority side of a partition rejects writes; losing the disks of a majority loses what they held", reads,
        new Latency(2.9432, 28.716, 402.3, 811.0),
        new FaultResult("kill", "replicated-3", 10_000, 10_050L, 44.1, 468.9, 4_205.5, 44.1, 471.3, 512.8), NO_ANOMALY,
        List.of(),
        List.of(), timeline(2.9, 0.05, 2));
  }

  /** A Raft group that lost all disks at once. */
  static Run wiped() {
    FaultResult fault = new FaultResult("wipe-all", "replicated-1", 10_000, 14_050L, 4_044.1, null, 4_205.5);
    Run run = run(
        "replicated",
        "an acknowledged write survives the loss of any minority of nodes; a user reads their own writes",
        "the minority side of a partition rejects writes; losing the disks of a majority loses what they held",
        "session", new Latency(2.9432, 28.716, 402.3, 811.0), fault, new Verdict(7_412, 0, 98, 412, 0, 0, 0, 0, 0),
        List.of("lostSessions", "lostItems"), List.of(), timeline(2.9, 0.9, 14));
    return with(run, Collections.nCopies(3, fault));
  }

  static Run cookie() {
    return run(
        "cookie", "survives the loss of every node",
        "size cap; no revocation without a deny list; concurrent tabs overwrite each other; an old cookie can be"
            + " replayed",
        null, new Latency(1.5219, 11.308, 48.77, 133.5),
        new FaultResult("kill", "cookie-1", 10_000, 10_050L, 29.3, 33.1, 3_004.9, 29.3, 33.1, 0.0), NO_ANOMALY,
        List.of(), List.of(),
        timeline(1.5, 0.02, 1));
  }

  private static Run run(
      String strategy, String guarantee, String anomaly, @Nullable String reads, Latency latency, FaultResult fault,
      Verdict verdict, List<String> allowed, List<Counterexample> counterexamples, Timeline timeline) {
    long requests = timeline.requests().stream().mapToLong(Long::longValue).sum();
    long errors = timeline.errors().stream().mapToLong(Long::longValue).sum();
    return new Run(
        strategy, guarantee, anomaly, reads, 3, 120, 300, 20, requests, errors, errors / 4, (requests - errors) / 20.0,
        latency, List.of(fault), List.of(), verdict, NO_SESSION_ANOMALY, NO_CHECKOUT_ANOMALY, allowed, true,
        counterexamples, timeline, "histories/" + strategy + ".jsonl");
  }

  /** A run with some components replaced. */
  static Run with(Run run, Verdict verdict, boolean kept, List<Counterexample> counterexamples) {
    return with(run, run.latencyMillis(), run.faults(), verdict, kept, counterexamples);
  }

  static Run with(Run run, List<FaultResult> faults) {
    return with(run, run.latencyMillis(), faults, run.verdict(), run.guaranteeKept(), run.counterexamples());
  }

  static Run with(Run run, Latency latency) {
    return with(run, latency, run.faults(), run.verdict(), run.guaranteeKept(), run.counterexamples());
  }

  private static Run with(
      Run run, @Nullable Latency latency, List<FaultResult> faults, Verdict verdict, boolean kept,
      List<Counterexample> counterexamples) {
    return new Run(
        run.strategy(), run.guarantee(), run.anomaly(), run.reads(), run.nodes(), run.sessions(),
        run.offeredPerSecond(), run.durationSeconds(), run.requests(), run.errors(), run.unknown(),
        run.throughputPerSecond(), latency, faults, run.notRun(), verdict, run.sessionVerdict(), run.checkoutVerdict(),
        run.allowed(), kept, counterexamples, run.timeline(), run.history());
  }

  /** A run without a good answer. */
  static Run unanswered() {
    List<Long> each = IntStream.range(0, 80).mapToObj(i -> 75L).toList();
    List<@Nullable Double> none = new ArrayList<>();
    each.forEach(_ -> none.add(null));
    Run run = redis();
    return new Run(
        run.strategy(), run.guarantee(), run.anomaly(), null, 3, 120, 300, 20, 6_000, 6_000, 1_500, 0, null,
        List.of(new FaultResult("kill", "redis-1", 10_000, null, null, null, null)), null, NO_ANOMALY, null, null,
        List.of(), true, List.of(), new Timeline(250, each, each, none, none), "histories/redis.jsonl");
  }

  /** Intervals of 250 ms: a slow start, and after 10 s errors and high latency that decay over some intervals. */
  private static Timeline timeline(double normalMillis, double errorShare, int decay) {
    Random random = new Random((long) (normalMillis * 1000));
    List<Long> requests = new ArrayList<>();
    List<Long> errors = new ArrayList<>();
    List<@Nullable Double> p50 = new ArrayList<>();
    List<@Nullable Double> p99 = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      double since = i - 40;
      double stall = since < 0 || since > 3 * decay ? 1 : 1 + 9 * Math.exp(-since / decay);
      double warming = 1 + 4 * Math.exp(-i / 4.0);
      requests.add(75L);
      errors.add(since < 0 || since > 2 * decay ? 0 : Math.round(75 * errorShare * Math.exp(-since / decay) / 2));
      double middle = normalMillis * warming * (0.92 + 0.16 * random.nextDouble());
      p50.add(round(middle * Math.sqrt(stall)));
      p99.add(round(middle * (4 + 3 * random.nextDouble() + random.nextExponential()) * stall));
    }
    return new Timeline(250, requests, errors, p50, p99);
  }

  private static double round(double millis) {
    return Math.round(millis * 1000) / 1000.0;
  }

  private static Counterexample lostSession(String session, int client, int offsetMillis) {
    long shift = offsetMillis * 1_000_000L;
    return new Counterexample(
        "lostSessions", session,
        "The session " + session + " was opened with 201 and neither logged out nor expired, yet a read with its cookie"
            + " was answered 401.",
        List.of(
            operation(client * 100L, client, session, "LOGIN", null, 1_204_000_000L + shift, 4_100_000, OK_CREATED),
            operation(
                client * 100L + 1, client, session, "ADD", "i-" + client + "-1", 9_621_000_000L + shift, 2_300_000,
                OK_CREATED),
            "{\"type\":\"fault\",\"kind\":\"kill\",\"target\":\"affinity-2\",\"began\":10000000000"
                + ",\"ended\":10050000000}",
            operation(
                client * 100L + 2, client, session, "READ", null, 10_288_000_000L + shift, 3_900_000,
                "{\"kind\":\"failed\",\"status\":401,\"reason\":\"Unauthorized\"}")));
  }

  static final String OK_CREATED = "{\"kind\":\"ok\",\"status\":201,\"items\":null}";

  static String operation(
      long id, int client, String session, String call, @Nullable String item, long invoked, long took,
      String outcome) {
    return ("{\"type\":\"operation\",\"id\":%d,\"client\":%d,\"session\":\"%s\",\"call\":\"%s\",\"item\":%s"
        + ",\"scheduled\":%d,\"invoked\":%d,\"completed\":%d,\"outcome\":%s,\"servedBy\":\"affinity-2\"}")
        .formatted(
            id, client, session, call, item == null ? "null" : '"' + item + '"', invoked - 100_000, invoked,
            invoked + took, outcome);
  }
}
