package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Classifies unsuccessful calls: {@link Outcome.Failed} certainly had no effect, {@link Outcome.Unknown} may have had
 * one. A read has no effect, so that an unsuccessful read is always {@link Outcome.Failed}.
 */
final class Outcomes {
  private Outcomes() {}

  /** Whether the call changes anything on the server. */
  static boolean writes(Call call) {
    return switch (call) {
      case LOGIN, ROTATE, LOGOUT, ADD, CHECKOUT -> true;
      case SHOW, READ -> false;
    };
  }

  /**
   * Classifies an error status. Only a 4xx proves that a write had no effect: a 5xx may come from a gateway whose node
   * applied the write and crashed before it answered, whatever the problem document says.
   */
  static Outcome ofErrorStatus(Call call, int status, String reason) {
    boolean rejected = status >= 400 && status <= 499;
    return rejected || !writes(call) ? new Outcome.Failed(status, reason) : new Outcome.Unknown(status, reason);
  }

  /** Classifies a missing answer. Without a connection nothing was sent; otherwise the request may have arrived. */
  static Outcome ofFailure(Call call, IOException failure) {
    boolean neverSent = failure instanceof ConnectException || failure instanceof ConnectTimeoutException
        || failure instanceof NoRouteToHostException || failure instanceof ConnectionRequestTimeoutException;
    String reason = neverSent ? "no connection" : reason(failure);
    return neverSent || !writes(call) ? new Outcome.Failed(0, reason) : new Outcome.Unknown(0, reason);
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case SocketTimeoutException _ -> "time-out";
      case NoHttpResponseException _ -> "connection closed without an answer";
      default -> {
        String message = failure.getMessage();
        yield message == null ? failure.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
      }
    };
  }
}
