package dev.statecraft.lab.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client knows of a call once it is over. */
public sealed interface Outcome {

  /**
   * The call took effect between its invocation and its completion.
   *
   * @param status the HTTP status, 2xx
   * @param items the cart as {@code GET /cart} showed it, otherwise null
   * @param state how far the cart's checkout was, as {@code GET /cart} or a step of it showed it; null where the answer
   * did not tell
   */
  record Ok(int status, @Nullable List<String> items, @Nullable String state) implements Outcome {
    public Ok {
      items = items == null ? null : List.copyOf(items);
    }

    /** An answer that tells nothing of a checkout. */
    public Ok(int status, @Nullable List<String> items) {
      this(status, items, null);
    }
  }

  /**
   * The call certainly took no effect: it was refused (4xx), or never left.
   *
   * @param status the HTTP status, or 0 where the connection was refused
   */
  record Failed(int status, String reason) implements Outcome {}

  /**
   * The call may have taken effect, at any time from its invocation on, even after its completion: a time-out, a cut
   * connection, a 5xx.
   *
   * @param status the HTTP status, or 0 where there was no answer
   */
  record Unknown(int status, String reason) implements Outcome {}
}
