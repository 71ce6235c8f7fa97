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
 * Sorts what did not go well into <em>certainly no effect</em> and <em>cannot tell</em>. A read has no effect that
 * could be in doubt, so a read that failed is {@link Outcome.Failed}, whatever the reason.
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
   * An answer that is not the one hoped for. Only a 4xx says that nothing was done: a 5xx may come from a gateway whose
   * node did the work and died before it could say so, even when the problem claims otherwise.
   */
  static Outcome ofRefusal(Call call, int status, String reason) {
    boolean refused = status >= 400 && status <= 499;
    return refused || !writes(call) ? new Outcome.Failed(status, reason) : new Outcome.Unknown(status, reason);
  }

  /** No answer at all. Where no connection stood, nothing was sent; otherwise the bytes may have arrived. */
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
