package dev.statecraft.gateway.health;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The health of one node: passive ejection by the outcome of requests, admission by active probes.
 *
 * <p>A refused connection ejects at once; broken connections, time-outs and 5xx answers eject when they come
 * consecutively. An ejection lasts 0.5 s and doubles each time up to 30 s while the node keeps failing, then the next
 * good probe admits it. A probe that finds the node not ready takes it out whatever the quota says, for then the node
 * itself (or nobody at its address) has spoken. A node that comes back is eased in ({@link SlowStart}). Thread-safe;
 * the path of a good answer takes no lock.
 */
public final class NodeHealth {
  static final int BROKEN_TO_EJECT = 3;
  static final int TIME_OUTS_TO_EJECT = 3;
  static final int ERRORS_TO_EJECT = 5;
  static final int SILENCES_TO_UNREADY = 2;
  static final double LEAST_WARMTH = 0.1;
  static final Duration FIRST_EJECTION = Duration.ofMillis(500);
  static final Duration LONGEST_EJECTION = Duration.ofSeconds(30);

  private final EjectionQuota quota;
  private final LongSupplier nanoTime;
  private final HealthListener listener;
  private final SlowStart slowStart;
  private final Duration longestSilence;
  private volatile NodeStatus status = NodeStatus.UNKNOWN;
  private volatile @Nullable Cause cause;
  private volatile boolean clean = true;
  private volatile boolean warming;
  private volatile boolean gone;
  private volatile boolean silent;
  private volatile long silentSince;
  private int broken;
  private int timeOuts;
  private int errors;
  private int silences;
  private int ejections;
  private long ejectedUntil;
  private volatile long admittedAt;

  /**
   * Begins with a node that nobody has asked yet.
   *
   * @param longestSilence how long a node that answers nothing counts as alive to its sessions
   */
  public NodeHealth(EjectionQuota quota, LongSupplier nanoTime, HealthListener listener, SlowStart slowStart,
      Duration longestSilence) {
    this.quota = quota;
    this.nanoTime = nanoTime;
    this.listener = listener;
    this.slowStart = slowStart;
    this.longestSilence = longestSilence;
  }

  public NodeStatus status() {
    return status;
  }

  /** Returns why the node is out, or null while it is not. */
  public @Nullable Cause cause() {
    return cause;
  }

  /**
   * Tells whether sessions that live on this node may still be reached there. Errors and broken connections may come
   * from what the node was asked, and silence from a machine with too much to do, so neither moves a session: only a
   * node at whose address nobody listens, that says itself that it is not ready, or that has been silent for too long.
   */
  public boolean holdsSessions() {
    return !gone && (!silent || nanoTime.getAsLong() - silentSince < longestSilence.toNanos());
  }

  /** Tells whether the node is being eased in. */
  public boolean isWarming() {
    return warming;
  }

  /** Returns the part of its share that the node should take now: from a tenth, rising evenly, to 1. */
  public double warmth() {
    if (!warming) {
      return 1;
    }
    double elapsed = (double) (nanoTime.getAsLong() - admittedAt) / slowStart.length().toNanos();
    if (elapsed >= 1) {
      warming = false;
      return 1;
    }
    return Math.max(elapsed, LEAST_WARMTH);
  }

  /** Records an answer that is no 5xx. */
  public void succeeded() {
    if (!clean) {
      forget();
    }
  }

  private synchronized void forget() {
    broken = 0;
    timeOuts = 0;
    errors = 0;
    silent = false;
    clean = true;
  }

  /** Records a request that failed for {@code why}, and ejects the node if that is reason enough. */
  public synchronized void failed(Cause why) {
    clean = false;
    switch (why) {
      case TIME_OUT, UNREACHABLE -> noteSilence();
      case ERRORS -> silent = false;
      case REFUSED -> gone = true;
      case BROKEN, NOT_READY -> {
        // It listens, or listened a moment ago.
      }
    }
    boolean enough = switch (why) {
      case REFUSED, UNREACHABLE -> true;
      case BROKEN -> ++broken >= BROKEN_TO_EJECT;
      case TIME_OUT -> ++timeOuts >= TIME_OUTS_TO_EJECT;
      case ERRORS -> ++errors >= ERRORS_TO_EJECT;
      case NOT_READY -> false;
    };
    if (enough && status == NodeStatus.AVAILABLE && quota.tryTake()) {
      long now = nanoTime.getAsLong();
      if (now - admittedAt > LONGEST_EJECTION.toNanos()) {
        ejections = 0;
      }
      long length = FIRST_EJECTION.toNanos() << Math.min(ejections++, 16);
      ejectedUntil = now + Math.min(length, LONGEST_EJECTION.toNanos());
      become(NodeStatus.EJECTED, why);
    }
  }

  /** Records what an active probe found. */
  public synchronized void probed(ProbeAnswer answer) {
    silences = answer == ProbeAnswer.SILENT ? silences + 1 : 0;
    switch (answer) {
      case READY -> admit();
      case NOT_READY -> leaveSessions(Cause.NOT_READY);
      case REFUSED -> leaveSessions(Cause.REFUSED);
      case SILENT -> {
        clean = false;
        noteSilence();
        if (silences >= SILENCES_TO_UNREADY) {
          takeOut(Cause.TIME_OUT);
        }
      }
    }
  }

  /** Releases what the node holds of its pool's quota; it is not used afterwards. */
  public synchronized void leave() {
    if (status == NodeStatus.EJECTED) {
      quota.giveBack();
    }
    status = NodeStatus.UNREADY;
  }

  private void noteSilence() {
    if (!silent) {
      silentSince = nanoTime.getAsLong();
      silent = true;
    }
  }

  private void leaveSessions(Cause why) {
    gone = true;
    takeOut(why);
  }

  private void admit() {
    gone = false;
    silent = false;
    boolean backOffOver = nanoTime.getAsLong() - ejectedUntil >= 0;
    if (status == NodeStatus.UNKNOWN || status == NodeStatus.UNREADY || (status == NodeStatus.EJECTED && backOffOver)) {
      forget();
      admittedAt = nanoTime.getAsLong();
      warming = !slowStart.length().isZero() && (status != NodeStatus.UNKNOWN || slowStart.atFirst());
      become(NodeStatus.AVAILABLE, null);
    }
  }

  private void takeOut(Cause why) {
    if (status != NodeStatus.UNREADY) {
      become(NodeStatus.UNREADY, why);
    }
  }

  private void become(NodeStatus next, @Nullable Cause why) {
    NodeStatus previous = status;
    if (previous == NodeStatus.EJECTED) {
      quota.giveBack();
    }
    cause = why;
    status = next;
    listener.changed(previous, next, why);
  }
}
