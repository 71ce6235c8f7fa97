package dev.statecraft.gateway.resilience;

import dev.statecraft.gateway.health.FailureCause;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/**
 * The failure of one attempt on one node. It tells who caused it, and whether the node may have received the request:
 * then a retry may execute it twice.
 */
public final class AttemptFailure extends RuntimeException {
  /** How far the attempt got. */
  public enum Kind {
    /** No process listens at the address: nothing was sent. */
    REFUSED(FailureCause.REFUSED),
    /** No connection in time: nothing was sent. */
    UNREACHABLE(FailureCause.UNREACHABLE),
    /** The TLS handshake failed: nothing was sent. */
    TLS(FailureCause.TLS),
    /** The pooled connection was closed before the request was written: nothing was sent. */
    UNSENT(null),
    /** All connections to the node are busy and the queue for them is full: nothing was sent. */
    EXHAUSTED(null),
    /** The connection broke after the request was written: the node may have executed it. */
    BROKEN(FailureCause.BROKEN),
    /** No answer in time: the node may have executed the request, or may still execute it. */
    TIMED_OUT(FailureCause.TIME_OUT),
    /** The node answered 503: it did not execute the request. */
    DECLINED(FailureCause.ERRORS),
    /** The gateway had no free port, file descriptor or memory for a connection: nothing was sent. */
    GATEWAY_EXHAUSTED(null),
    /** A streamed answer paused for too long. A quiet stream is no failure of the node. */
    STALLED(null),
    /** The node did not answer in the time that was left, which is less than an attempt may take. */
    OUT_OF_TIME(null),
    /** The client disconnected, or sent a malformed body, after a part of its body had been forwarded. */
    CLIENT_ABORTED(null);

    private final @Nullable FailureCause cause;

    Kind(@Nullable FailureCause cause) {
      this.cause = cause;
    }
  }

  private static final @Nullable String BEFORE_SEND = AbortedException.beforeSend().getMessage();

  private final Kind kind;

  private AttemptFailure(Kind kind, @Nullable Throwable reason) {
    super(kind.name(), reason, false, false);
    this.kind = kind;
  }

  /** Makes the failure of an attempt that the gateway itself ended. */
  public static AttemptFailure of(Kind kind) {
    return new AttemptFailure(kind, null);
  }

  /**
   * Classifies an exception of the HTTP client.
   *
   * @param sending whether the gateway had a connection and started to write the request
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
      if (FailureCause.isLocal(reason)) {
        return Kind.GATEWAY_EXHAUSTED;
      }
      FailureCause cause = FailureCause.ofConnect(reason);
      return switch (cause) {
        case null -> Kind.UNSENT;
        case REFUSED -> Kind.REFUSED;
        case TLS -> Kind.TLS;
        default -> Kind.UNREACHABLE;
      };
    }
    return isBeforeSend(reason) ? Kind.UNSENT : Kind.BROKEN;
  }

  /** Reactor Netty marks this case only by its message; see {@link AbortedException#beforeSend()}. */
  private static boolean isBeforeSend(Throwable reason) {
    return reason instanceof AbortedException && Objects.equals(reason.getMessage(), BEFORE_SEND);
  }

  public Kind kind() {
    return kind;
  }

  /** Returns what the failure says about the node; null if the client or the gateway caused it. */
  public @Nullable FailureCause cause() {
    return kind.cause;
  }

  /** Tells whether the node cannot have received the request. */
  public boolean isUnsent() {
    return switch (kind) {
      case REFUSED, UNREACHABLE, TLS, UNSENT, EXHAUSTED, GATEWAY_EXHAUSTED -> true;
      case BROKEN, TIMED_OUT, DECLINED, STALLED, OUT_OF_TIME, CLIENT_ABORTED -> false;
    };
  }
}
