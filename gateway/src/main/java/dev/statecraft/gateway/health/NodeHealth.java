package dev.statecraft.gateway.health;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The health of one node: passive outlier ejection by the outcome of requests, admission by active probes.
 *
 * <p>A refused connection ejects the node at once. Broken connections, time-outs and 5xx answers eject it after several
 * in a row, if they cannot be the fault of one client ({@link FailureEvidence}). The first ejection lasts 0.5 s; each
 * further one lasts twice as long, up to 30 s, while the node keeps failing. The first good probe after that admits the
 * node. A failed readiness probe takes the node out without regard to the quota, because the node itself has answered,
 * or no process listens at its address. A node that returns starts slowly ({@link SlowStart}). A node that fails a
 * larger share of its requests than the others is ejected by {@link OutlierDetector}. Thread-safe; recording a good
 * answer takes no lock.
 */
public final class NodeHealth {
  static final int BROKEN_TO_EJECT = 3;
  static final int TIME_OUTS_TO_EJECT = 3;
  static final int ERRORS_TO_EJECT = 5;
  static final int SILENT_PROBES_TO_UNREADY = 2;
  static final double MIN_SHARE = 0.1;
  static final Duration MIN_EJECTION = Duration.ofMillis(500);
  static final Duration MAX_EJECTION = Duration.ofSeconds(30);
  static final Duration MAX_OUTLIER_EJECTION = Duration.ofMinutes(5);

  private final EjectionQuota quota;
  private final LongSupplier nanoTime;
  private final HealthListener listener;
  private final SlowStart slowStart;
  private final Duration sessionTimeout;
  private final OutcomeCounter outcomes = new OutcomeCounter();
  private volatile NodeStatus status = NodeStatus.UNKNOWN;
  private volatile @Nullable FailureCause cause;
  private volatile boolean failureFree = true;
  private volatile boolean inSlowStart;
  private volatile boolean sessionsLost;
  private volatile boolean silent;
  private volatile long silentSince;
  private volatile long admittedAt;
  @GuardedBy("this")
  private final FailureEvidence evidence = new FailureEvidence();
  @GuardedBy("this")
  private int brokenInRow;
  @GuardedBy("this")
  private int timeOutsInRow;
  @GuardedBy("this")
  private int errorsInRow;
  @GuardedBy("this")
  private int silentProbesInRow;
  @GuardedBy("this")
  private int ejections;
  @GuardedBy("this")
  private long outlierBackOff;
  @GuardedBy("this")
  private long ejectedUntil;
  @GuardedBy("this")
  private boolean left;

  /**
   * Makes the health of a node that was not probed yet.
   *
   * @param nanoTime the clock of {@link System#nanoTime()}
   * @param sessionTimeout how long a node that answers nothing still counts as the owner of its sessions
   */
  public NodeHealth(EjectionQuota quota, LongSupplier nanoTime, HealthListener listener, SlowStart slowStart,
      Duration sessionTimeout) {
    this.quota = quota;
    this.nanoTime = nanoTime;
    this.listener = listener;
    this.slowStart = slowStart;
    this.sessionTimeout = sessionTimeout;
  }

  public NodeStatus status() {
    return status;
  }

  /** Returns why the node is out, or null if it is in. */
  public @Nullable FailureCause cause() {
    return cause;
  }

  /**
   * Tells whether the sessions that this node owns may still be reached there. Errors and broken connections can come
   * from the request, and silence from an overloaded machine, so neither moves a session. A session moves only if no
   * process listens at the node's address, if the node itself says that it is not ready, or if it has been silent for
   * longer than the session time-out.
   */
  public boolean holdsSessions() {
    return !sessionsLost && (!silent || nanoTime.getAsLong() - silentSince < sessionTimeout.toNanos());
  }

  /** Tells whether the node is in its slow start. */
  public boolean isInSlowStart() {
    return inSlowStart;
  }

  /** Returns the fraction of its share that the node should take now: it rises linearly from 0.1 to 1. */
  public double slowStartShare() {
    if (!inSlowStart) {
      return 1;
    }
    double elapsed = (double) (nanoTime.getAsLong() - admittedAt) / slowStart.length().toNanos();
    if (elapsed >= 1) {
      inSlowStart = false;
      return 1;
    }
    return Math.max(elapsed, MIN_SHARE);
  }

  /** Records an answer other than 5xx. */
  public void succeeded() {
    outcomes.succeeded();
    if (!failureFree) {
      clearFailures();
    }
  }

  private synchronized void clearFailures() {
    resetCounts();
    evidence.endRun();
    silent = false;
    failureFree = true;
  }

  @GuardedBy("this")
  private void resetCounts() {
    brokenInRow = 0;
    timeOutsInRow = 0;
    errorsInRow = 0;
  }

  /**
   * Records a failed request, and ejects the node if there were enough failures in a row.
   *
   * @param client identifies the client of the request
   * @return whether the failure counts against the node: it cannot be the fault of one client
   */
  public synchronized boolean failed(FailureCause failure, int client) {
    long now = nanoTime.getAsLong();
    failureFree = false;
    if (evidence.add(client, now)) {
      resetCounts();
    }
    switch (failure) {
      case TIME_OUT, UNREACHABLE -> markSilent();
      case ERRORS -> silent = false;
      case REFUSED -> sessionsLost = true;
      case BROKEN, NOT_READY, TLS, FAILURE_RATE -> {
        // The node listens, or listened a moment ago.
      }
    }
    switch (failure) {
      case BROKEN -> brokenInRow++;
      case TIME_OUT -> timeOutsInRow++;
      case ERRORS -> errorsInRow++;
      case REFUSED, UNREACHABLE, TLS -> {
        // No client can cause it, and one is enough.
        outcomes.provenFailure();
        eject(failure, now);
        return true;
      }
      case NOT_READY, FAILURE_RATE -> {
        return true;
      }
    }
    outcomes.failed(client);
    return ejectOnEvidence(now);
  }

  /**
   * Records that a request that failed here succeeded at another node, so that its client did not cause the failure.
   */
  public synchronized void proveFailure() {
    long now = nanoTime.getAsLong();
    evidence.prove(now);
    ejectOnEvidence(now);
  }

  /**
   * Records that a failed request of this client was answered well by another node, so that its failure counts in the
   * share of failures.
   */
  public void proveOutcome(int client) {
    outcomes.prove(client);
  }

  /** Returns the outcomes since the last call. */
  Outcomes drainOutcomes() {
    return outcomes.drain();
  }

  /** Ejects the node because it fails more requests than the others. Returns false if the quota does not allow it. */
  synchronized boolean ejectOutlier(OutlierRule rule) {
    if (status != NodeStatus.AVAILABLE || !quota.tryAcquire(rule.maxEjectedShare())) {
      return false;
    }
    long now = nanoTime.getAsLong();
    boolean recovered = outlierBackOff == 0 || now - admittedAt > 2 * outlierBackOff;
    outlierBackOff = recovered
        ? rule.ejection().toNanos()
        : Math.max(rule.ejection().toNanos(), Math.min(outlierBackOff * 2, MAX_OUTLIER_EJECTION.toNanos()));
    failureFree = false;
    ejectFor(FailureCause.FAILURE_RATE, now, outlierBackOff);
    return true;
  }

  /** Returns when the first failure since the last good answer was recorded; now if there was none. */
  public synchronized long failingSince() {
    return failureFree ? nanoTime.getAsLong() : evidence.failingSince();
  }

  @GuardedBy("this")
  private boolean ejectOnEvidence(long now) {
    if (!evidence.isFound(now)) {
      return false;
    }
    if (brokenInRow >= BROKEN_TO_EJECT) {
      eject(FailureCause.BROKEN, now);
    } else if (timeOutsInRow >= TIME_OUTS_TO_EJECT) {
      eject(FailureCause.TIME_OUT, now);
    } else if (errorsInRow >= ERRORS_TO_EJECT) {
      eject(FailureCause.ERRORS, now);
    }
    return true;
  }

  @GuardedBy("this")
  private void eject(FailureCause failure, long now) {
    if (status == NodeStatus.AVAILABLE && quota.tryAcquire()) {
      if (now - admittedAt > MAX_EJECTION.toNanos()) {
        ejections = 0;
      }
      long backOff = Math.min(MIN_EJECTION.toNanos() << Math.min(ejections++, 16), MAX_EJECTION.toNanos());
      ejectFor(failure, now, backOff);
    }
  }

  @GuardedBy("this")
  private void ejectFor(FailureCause failure, long now, long backOffNanos) {
    ejectedUntil = now + backOffNanos;
    changeStatus(NodeStatus.EJECTED, failure, Duration.ofNanos(backOffNanos));
  }

  /** Records the result of an active probe. */
  public synchronized void probed(ProbeResult result) {
    silentProbesInRow = result == ProbeResult.SILENT ? silentProbesInRow + 1 : 0;
    switch (result) {
      case READY -> admit();
      case NOT_READY -> loseSessions(FailureCause.NOT_READY);
      case REFUSED -> loseSessions(FailureCause.REFUSED);
      case SILENT -> {
        failureFree = false;
        markSilent();
        if (silentProbesInRow >= SILENT_PROBES_TO_UNREADY) {
          takeOut(FailureCause.TIME_OUT);
        }
      }
    }
  }

  /** Releases the node's part of the ejection quota. The node is not used afterwards. */
  public synchronized void leave() {
    left = true;
    if (status == NodeStatus.EJECTED) {
      quota.release();
    }
    status = NodeStatus.UNREADY;
  }

  @GuardedBy("this")
  private void markSilent() {
    if (!silent) {
      silentSince = nanoTime.getAsLong();
      silent = true;
    }
  }

  @GuardedBy("this")
  private void loseSessions(FailureCause failure) {
    sessionsLost = true;
    takeOut(failure);
  }

  @GuardedBy("this")
  private void admit() {
    sessionsLost = false;
    silent = false;
    boolean backOffOver = nanoTime.getAsLong() - ejectedUntil >= 0;
    if (status == NodeStatus.UNKNOWN || status == NodeStatus.UNREADY || (status == NodeStatus.EJECTED && backOffOver)) {
      clearFailures();
      admittedAt = nanoTime.getAsLong();
      inSlowStart = !slowStart.length().isZero() && (status != NodeStatus.UNKNOWN || slowStart.onFirstAdmission());
      changeStatus(NodeStatus.AVAILABLE, null, Duration.ZERO);
    }
  }

  @GuardedBy("this")
  private void takeOut(FailureCause failure) {
    if (status != NodeStatus.UNREADY) {
      changeStatus(NodeStatus.UNREADY, failure, Duration.ZERO);
    }
  }

  @GuardedBy("this")
  private void changeStatus(NodeStatus next, @Nullable FailureCause failure, Duration backOff) {
    if (left) {
      return;
    }
    NodeStatus previous = status;
    if (previous == NodeStatus.EJECTED) {
      quota.release();
    }
    cause = failure;
    status = next;
    listener.changed(new StatusChange(previous, next, failure, backOff));
  }
}
