package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.User.Step;
import org.jspecify.annotations.Nullable;

/** Someone who asks one thing at a time. Each is handed from thread to thread with at most one call under way. */
interface SimulatedClient {
  /** The name that it logs in with. */
  String name();

  /** The client as the history knows it. */
  int client(Step step);

  /** The cookies that a step takes along, and brings back. */
  CookieJar cookies(Step step);

  /** What it does next. */
  Step next();

  /** One more look at the cart that it believes to have, or null where it has none. */
  @Nullable
  Step look();

  /** Takes in what became of a step. */
  void learn(Step step, Outcome outcome);
}
