package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import org.jspecify.annotations.Nullable;

/** Makes the calls of simulated users. Implementations are thread-safe. */
public interface SessionCalls {
  /**
   * Sends one call and waits for its outcome. A missing answer is an outcome too, not an exception.
   *
   * @param item the item of an {@link Call#ADD}, the step of a {@link Call#CHECKOUT}, otherwise null
   */
  SessionClient.Answer send(Call call, String user, @Nullable String item, CookieJar cookies);
}
