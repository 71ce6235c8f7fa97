package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import org.jspecify.annotations.Nullable;

/** The calls that a user makes; thread-safe. */
public interface SessionCalls {
  /**
   * Sends one call and waits for its end; no answer is an outcome too, never an exception.
   *
   * @param item the item of an {@link Call#ADD}, the step of a {@link Call#CHECKOUT}, otherwise null
   */
  SessionClient.Answer send(Call call, String user, @Nullable String item, CookieJar cookies);
}
