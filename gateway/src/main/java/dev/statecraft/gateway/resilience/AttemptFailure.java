package dev.statecraft.gateway.resilience;

import dev.statecraft.gateway.health.Cause;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/**
 * One attempt on one node failed. What matters is whether the node can have seen the request: only then may repeating
 * it do something twice.
 */
public final class AttemptFailure extends RuntimeException {
  /** How far the attempt came. */
  public enum Kind {
    /** Nobody listens: nothing left this gateway. */
    REFUSED(Cause.REFUSED),
    /** No connection came about in time: nothing left this gateway. */
    UNREACHABLE(Cause.UNREACHABLE),
    /** The kept connection was closed before the request was written: nothing left this gateway. */
    UNSENT(null),
    /** All connections to the node are busy and enough requests wait for one: nothing left this gateway. */
    EXHAUSTED(null),
    /** The connection broke after the request was written: the node may have done it. */
    BROKEN(Cause.BROKEN),
    /** No answer in time: the node may have done it, or may do it yet. */
    TIMED_OUT(Cause.TIME_OUT),
    /** The node answered 503: it says that it did not do it. */
    DECLINED(Cause.ERRORS);

    private final @Nullable Cause cause;

    Kind(@Nullable Cause cause) {
      this.cause = cause;
    }
  }

  private final Kind kind;

  private AttemptFailure(Kind kind, @Nullable Throwable reason) {
    super(kind.name(), reason, false, false);
    this.kind = kind;
  }

  /** Makes the failure of an attempt that the gateway itself gave up or rejected. */
  public static AttemptFailure of(Kind kind) {
    return new AttemptFailure(kind, null);
  }

  /**
   * Classifies what the client reported.
   *
   * @param sending whether the gateway had a connection and began to write the request
   */
  public static AttemptFailure of(Throwable reason, boolean sending) {
    return new AttemptFailure(kind(reason, sending), reason);
  }

  private static Kind kind(Throwable reason, boolean sending) {
    if (reason instanceof TimeoutException && !(reason instanceof PoolAcquireTimeoutException)) {
      return Kind.TIMED_OUT;
    }
    if (reason instanceof PoolAcquireTimeoutException || reason instanceof PoolAcquirePendingLimitException) {
      return Kind.EXHAUSTED;
    }
    if (!sending) {
      Cause cause = Cause.ofConnect(reason);
      return cause == Cause.REFUSED ? Kind.REFUSED : cause == null ? Kind.UNSENT : Kind.UNREACHABLE;
    }
    return isBeforeSend(reason) ? Kind.UNSENT : Kind.BROKEN;
  }

  /** Reactor Netty names this case by its message alone; see {@link AbortedException#beforeSend()}. */
  private static boolean isBeforeSend(Throwable reason) {
    return reason instanceof AbortedException && Objects.equals(reason.getMessage(), BEFORE_SEND);
  }

  private static final @Nullable String BEFORE_SEND = AbortedException.beforeSend().getMessage();

  public Kind kind() {
    return kind;
  }

  /** Returns what the failure says against the node, or null when it says nothing. */
  public @Nullable Cause cause() {
    return kind.cause;
  }

  /** Tells whether the node cannot have seen the request. */
  public boolean neverLeft() {
    return switch (kind) {
      case REFUSED, UNREACHABLE, UNSENT, EXHAUSTED -> true;
      case BROKEN, TIMED_OUT, DECLINED -> false;
    };
  }
}
