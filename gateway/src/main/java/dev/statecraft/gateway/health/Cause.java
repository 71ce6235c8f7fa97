package dev.statecraft.gateway.health;

import io.netty.channel.ConnectTimeoutException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a node went out. */
public enum Cause {
  /** Nobody listens at its address: the connection was refused, or the name server knows no such host. */
  REFUSED,
  /** No connection came about: no answer to the attempt, or no route. It may be dead, or too busy to accept. */
  UNREACHABLE,
  /** It closed the connection instead of answering. */
  BROKEN,
  /** It took the request and did not answer in time. */
  TIME_OUT,
  /** It answered 5xx, again and again. */
  ERRORS,
  /** Its readiness says no. */
  NOT_READY;

  /** Returns what a failed connect says of the node, or null when the failure lies elsewhere. */
  public static @Nullable Cause ofConnect(Throwable failure) {
    return switch (failure) {
      case ConnectTimeoutException late -> UNREACHABLE;
      case NoRouteToHostException nowhere -> UNREACHABLE;
      // The name server said nothing, where otherwise it said that there is no such host.
      case UnknownHostException unknown when unknown.getCause() instanceof DnsNameResolverTimeoutException ->
        UNREACHABLE;
      case UnknownHostException unknown -> REFUSED;
      case SocketException refused -> REFUSED;
      default -> null;
    };
  }

  /** Returns the name as metrics carry it, for example {@code time-out}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
