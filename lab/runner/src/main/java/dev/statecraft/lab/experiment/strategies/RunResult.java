package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.CheckResult;
import dev.statecraft.lab.checker.Checker;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Verdict;
import dev.statecraft.lab.environment.ClusterCpu;
import dev.statecraft.lab.experiment.strategies.StrategyRun.Recorded;
import dev.statecraft.lab.experiment.strategies.StrategyRun.RecordedRound;
import dev.statecraft.lab.experiment.strategies.report.Rounds;
import dev.statecraft.lab.experiment.strategies.report.Rounds.CpuMicros;
import dev.statecraft.lab.experiment.strategies.report.Rounds.Round;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Counterexample;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.HistoryFormat;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.Measurement;
import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes the entry of {@code results.json} for one run. */
public final class RunResult {
  private static final int TIMELINE_MILLIS = 500;
  private static final int MAX_COUNTEREXAMPLES_PER_KIND = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private RunResult() {}

  /** The entry; {@code apart} is why the rounds of the strategies were not measured in turn, null if they were. */
  public static StrategyResults.Run of(ComparePlan plan, SessionStrategy strategy, Recorded recorded,
      @Nullable String apart) {
    History history = recorded.history();
    Measurement measurement = Measurement.of(history, recorded.measured(), TIMELINE_MILLIS);
    CheckResult result = new Checker(Faults::effects).check(history);
    GuaranteeText text = strategy.guarantee(plan.reads(), plan.writes());
    return new StrategyResults.Run(strategy.id(), text.guarantee(), text.anomaly(), plan.reads(strategy),
        history.nodes().size(), plan.sessions(), plan.ratePerSecond(), plan.duration().toNanos() / 1e9,
        measurement.requests(), measurement.errors(), measurement.unknown(), measurement.throughputPerSecond(),
        measurement.latencyMillis(), history.faults().stream().map(fault -> fault(fault, history)).toList(),
        recorded.notRun().stream().map(fault -> new StrategyResults.NotRun(fault.fault(), fault.reason())).toList(),
        verdict(result.verdict()), sessionVerdict(result), checkoutVerdict(history, result.verdict()),
        result.allowedFields(), result.kept(), counterexamples(result), measurement.timeline(),
        StrategyRun.historyOf(strategy), recorded.warmUp(), rounds(plan, recorded, apart));
  }

  private static @Nullable Rounds rounds(ComparePlan plan, Recorded recorded, @Nullable String apart) {
    return recorded.rounds().isEmpty()
        ? null
        : Rounds.of(plan.round().toNanos() / 1e9, apart,
            recorded.rounds().stream().map(round -> round(round, recorded.history())).toList());
  }

  private static Round round(RecordedRound round, History history) {
    Measurement measurement = Measurement.of(history, round.measured(), TIMELINE_MILLIS);
    ClusterCpu cpu = round.cpu();
    long requests = measurement.requests();
    return new Round(requests, measurement.errors(), measurement.throughputPerSecond(), measurement.latencyMillis(),
        cpu == null || requests == 0
            ? null
            : new CpuMicros(micros(cpu.gateway(), requests), micros(cpu.nodes(), requests),
                micros(cpu.store(), requests), micros(round.client(), requests)));
  }

  private static double micros(Duration used, long requests) {
    return used.toNanos() / 1e3 / requests;
  }

  static StrategyResults.Verdict verdict(Verdict verdict) {
    return new StrategyResults.Verdict(verdict.operations(), verdict.count(AnomalyKind.LOST_ACKNOWLEDGED_WRITE),
        verdict.count(AnomalyKind.LOST_SESSION), verdict.lostItems(), verdict.count(AnomalyKind.STALE_READ),
        verdict.count(AnomalyKind.BACKWARD_READ), verdict.count(AnomalyKind.DUPLICATE),
        verdict.count(AnomalyKind.PHANTOM), verdict.count(AnomalyKind.ORDER_DISAGREEMENT));
  }

  static StrategyResults.SessionVerdict sessionVerdict(CheckResult result) {
    Verdict verdict = result.verdict();
    return new StrategyResults.SessionVerdict(result.sessions(), result.undecided().size(),
        verdict.count(AnomalyKind.NOT_LINEARIZABLE), verdict.count(AnomalyKind.READ_YOUR_WRITES),
        verdict.count(AnomalyKind.MONOTONIC_READS), verdict.count(AnomalyKind.MONOTONIC_WRITES),
        verdict.count(AnomalyKind.WRITES_FOLLOW_READS), verdict.count(AnomalyKind.LOST_UPDATE),
        verdict.count(AnomalyKind.RESURRECTION), verdict.count(AnomalyKind.TWO_LIVE_IDS),
        verdict.count(AnomalyKind.ALIVE_AFTER_EXPIRY));
  }

  static StrategyResults.CheckoutVerdict checkoutVerdict(History history, Verdict verdict) {
    return new StrategyResults.CheckoutVerdict(
        history.operations().stream().filter(operation -> operation.call() == Call.CHECKOUT)
            .filter(operation -> operation.outcome() instanceof Outcome.Ok).count(),
        verdict.count(AnomalyKind.FORBIDDEN_TRANSITION), verdict.count(AnomalyKind.REPEATED_STEP));
  }

  static List<Counterexample> counterexamples(CheckResult result) {
    return result.counterexamples(MAX_COUNTEREXAMPLES_PER_KIND).stream()
        .map(anomaly -> new Counterexample(anomaly.kind().field(), anomaly.session(), anomaly.explanation(),
            anomaly.operations().stream().map(HistoryFormat::line).toList()))
        .toList();
  }

  private static FaultResult fault(FaultEvent fault, History history) {
    RecoveryTimes recovery = RecoveryTimes.from(fault, history);
    return new FaultResult(fault.kind(), fault.target(), Math.round(fault.began() / NANOS_PER_MILLI),
        fault.ended() < 0 ? null : Math.round(fault.ended() / NANOS_PER_MILLI), millis(recovery.routing()),
        millis(recovery.state()), millis(recovery.servesAgain()), millis(recovery.read()), millis(recovery.write()),
        recovery.lastDisturbed() / NANOS_PER_MILLI);
  }

  private static @Nullable Double millis(@Nullable Long nanos) {
    return nanos == null ? null : nanos / NANOS_PER_MILLI;
  }
}
