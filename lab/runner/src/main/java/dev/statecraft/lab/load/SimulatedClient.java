package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.User.Step;
import org.jspecify.annotations.Nullable;

/** A client that makes one call at a time; successive calls may come from different threads. */
interface SimulatedClient {
  /** The name that it logs in with. */
  String name();

  /** The id of the client in the history. */
  int clientId(Step step);

  /** The cookies to send with a step, and to update from its answer. */
  CookieJar cookies(Step step);

  /** Chooses the next step. */
  Step next();

  /** A read of the current session's cart; null without a session. */
  @Nullable
  Step readCart();

  /** Updates the client's state with the outcome of a step. */
  void observe(Step step, Outcome outcome);
}
