package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One simulated user: a browser with a cookie jar, the session that it believes to have, and its own random choices.
 * Not thread-safe: it is handed from thread to thread with at most one call under way.
 */
final class User {
  private final int number;
  private final Mix mix;
  private final int cartLimit;
  private final InstantSource clock;
  private final SplittableRandom random;
  private CookieJar cookies;
  private @Nullable String session;
  private int sessionsOpened;
  private int itemsSent;

  User(int number, LoadPlan plan, InstantSource clock) {
    this.number = number;
    this.mix = plan.mix();
    this.cartLimit = plan.cartLimit();
    this.clock = clock;
    this.random = new SplittableRandom(plan.seed() * 1_000_003 + number);
    this.cookies = new CookieJar(clock);
  }

  int number() {
    return number;
  }

  String name() {
    return "user-" + number;
  }

  CookieJar cookies() {
    return cookies;
  }

  /** The session that the user believes to have, or null. */
  @Nullable
  String session() {
    return session;
  }

  /** What this user does next. */
  Step next() {
    String current = session;
    if (current == null) {
      sessionsOpened++;
      return new Step(Call.LOGIN, "u" + number + "-" + sessionsOpened, null);
    }
    if (itemsSent >= cartLimit) {
      return new Step(Call.LOGOUT, current, null);
    }
    Call call = mix.draw(random);
    if (call != Call.ADD) {
      return new Step(call, current, null);
    }
    itemsSent++;
    return new Step(Call.ADD, current, current + "-" + itemsSent);
  }

  /** Takes in what became of a step. */
  void learn(Step step, Outcome outcome) {
    switch (outcome) {
      case Outcome.Ok _ -> {
        if (step.call() == Call.LOGIN) {
          session = step.session();
          itemsSent = 0;
        } else if (step.call() == Call.LOGOUT) {
          leave();
        }
      }
      case Outcome.Failed failed when failed.status() == 401 -> session = null;
      case Outcome.Failed failed when failed.status() == 413 -> itemsSent = cartLimit;
      case Outcome.Failed _ -> {
      }
      case Outcome.Unknown _ -> {
        if (step.call() == Call.LOGOUT) {
          leave();
        }
      }
    }
  }

  /** Another visitor takes the place, with a browser of its own: a node that came back gets its share of them. */
  private void leave() {
    session = null;
    cookies = new CookieJar(clock);
  }

  /**
   * One call to make.
   *
   * @param session the name under which the history knows the session
   * @param item the item that an {@link Call#ADD} sends, unique in the run
   */
  record Step(Call call, String session, @Nullable String item) {}
}
