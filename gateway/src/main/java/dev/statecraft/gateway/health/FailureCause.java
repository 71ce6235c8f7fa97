package dev.statecraft.gateway.health;

import io.netty.channel.ConnectTimeoutException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a node is out of use. */
public enum FailureCause {
  /** No process listens at the node's address: the connection was refused, or the host name does not exist. */
  REFUSED,
  /** No connection was established: no answer to the attempt, or no route. The node may be dead, or overloaded. */
  UNREACHABLE,
  /** The TLS handshake failed: the node's certificate is wrong or expired, or the node does not use TLS. */
  TLS,
  /** The node closed the connection before it answered. */
  BROKEN,
  /** The node accepted the request and did not answer in time. */
  TIME_OUT,
  /** The node answered 5xx several times in a row. */
  ERRORS,
  /** The node failed a larger share of its requests than the other nodes. */
  FAILURE_RATE,
  /** The node's readiness endpoint did not answer 2xx. */
  NOT_READY;

  /** Classifies a failure to connect. Returns null if the failure says nothing about the node. */
  public static @Nullable FailureCause ofConnect(Throwable failure) {
    if (isLocal(failure)) {
      return null;
    }
    if (isTls(failure)) {
      return TLS;
    }
    return switch (failure) {
      case ConnectTimeoutException timedOut -> UNREACHABLE;
      case NoRouteToHostException noRoute -> UNREACHABLE;
      // The name server did not answer; otherwise it answered that the host does not exist.
      case UnknownHostException unknown when unknown.getCause() instanceof DnsNameResolverTimeoutException ->
        UNREACHABLE;
      case UnknownHostException unknown -> REFUSED;
      case SocketException refused -> REFUSED;
      default -> null;
    };
  }

  /** Tells whether TLS failed. */
  public static boolean isTls(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SSLException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells whether the gateway itself could not open a connection: it has no free port, file descriptor or memory, or it
   * stops.
   */
  public static boolean isLocal(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      // Netty's native transport has no exception of its own for EADDRNOTAVAIL (99), EMFILE (24) and ENFILE (23).
      if (at instanceof BindException || at instanceof OutOfMemoryError || at instanceof RejectedExecutionException
          || message.contains("error(-99)") || message.contains("error(-24)") || message.contains("error(-23)")
          || message.contains("Cannot assign requested address") || message.contains("Too many open files")) {
        return true;
      }
    }
    return false;
  }

  /** Returns the name used in metrics and logs, for example {@code time-out}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
