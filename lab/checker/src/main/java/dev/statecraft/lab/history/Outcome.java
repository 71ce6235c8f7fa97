package dev.statecraft.lab.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client knows about a completed call. */
public sealed interface Outcome {
  /**
   * The call took effect between its invocation and its completion.
   *
   * @param status the HTTP status, 2xx
   * @param items the cart as {@code GET /cart} showed it, otherwise null
   * @param state the checkout state that the answer showed; null if it showed none
   */
  record Ok(int status, @Nullable List<String> items, @Nullable String state) implements Outcome {
    public Ok {
      items = items == null ? null : List.copyOf(items);
    }

    /** Makes an answer without a checkout state. */
    public Ok(int status, @Nullable List<String> items) {
      this(status, items, null);
    }
  }

  /**
   * The call certainly took no effect: it was rejected (4xx) or never sent.
   *
   * @param status the HTTP status, or 0 if the connection was refused
   */
  record Failed(int status, String reason) implements Outcome {}

  /**
   * The call may take effect at any time after its invocation, even after its completion: a time-out, a broken
   * connection, a 5xx.
   *
   * @param status the HTTP status, or 0 if there was no answer
   */
  record Unknown(int status, String reason) implements Outcome {}
}
