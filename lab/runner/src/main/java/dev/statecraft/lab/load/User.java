package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One simulated user: a browser with a cookie jar, the session that it believes to have, and its own random choices.
 * Not thread-safe: it is handed from thread to thread with at most one call under way.
 */
final class User implements SimulatedClient {
  static final List<String> CHECKOUT = List.of("reserve", "pay", "ship");
  static final String CANCEL = "cancel";
  private static final int CANCELS_ONE_IN = 8;

  private final int number;
  private final int onlookersNumber;
  private final OperationMix mix;
  private final LoadPlan plan;
  private final int cartLimit;
  private final InstantSource clock;
  private final SplittableRandom random;
  private CookieJar cookies;
  private CookieJar onlookersCookies;
  private @Nullable String session;
  private int sessionsOpened;
  private int itemsSent;
  private int checkoutSteps;

  User(int number, LoadPlan plan, InstantSource clock) {
    this.number = number;
    this.onlookersNumber = plan.sessions() + number;
    this.mix = plan.mix();
    this.plan = plan;
    this.cartLimit = plan.cartLimit();
    this.clock = clock;
    this.random = new SplittableRandom(plan.seed() * 1_000_003 + number);
    this.cookies = new CookieJar(clock);
    this.onlookersCookies = cookies;
  }

  /** The onlooker of a session is a client of its own. */
  @Override
  public int client(Step step) {
    return step.onlooker() ? onlookersNumber : number;
  }

  @Override
  public String name() {
    return "user-" + number;
  }

  @Override
  public CookieJar cookies(Step step) {
    return step.onlooker() ? onlookersCookies : cookies;
  }

  @Override
  public @Nullable Step look() {
    String current = session;
    return current == null ? null : new Step(Call.READ, current, null);
  }

  @Override
  public Step next() {
    String current = session;
    if (current == null) {
      sessionsOpened++;
      return new Step(Call.LOGIN, "u" + number + "-" + sessionsOpened, null);
    }
    if (itemsSent >= cartLimit) {
      return leaving(current);
    }
    Call call = mix.draw(random);
    if (call != Call.ADD) {
      boolean onlooker = call == Call.READ && mix.onlookPercent() > 0 && random.nextInt(100) < mix.onlookPercent();
      return new Step(call, current, null, onlooker, null);
    }
    itemsSent++;
    return new Step(Call.ADD, current, plan.item(current + "-" + itemsSent));
  }

  /** A full cart is reserved, paid and shipped, or now and then cancelled on the way; then its user logs out. */
  private Step leaving(String current) {
    if (checkoutSteps >= CHECKOUT.size()) {
      return new Step(Call.LOGOUT, current, null);
    }
    boolean cancels = random.nextInt(CANCELS_ONE_IN) == 0;
    String step = cancels ? CANCEL : CHECKOUT.get(checkoutSteps);
    checkoutSteps = cancels ? CHECKOUT.size() : checkoutSteps + 1;
    return new Step(Call.CHECKOUT, current, step);
  }

  @Override
  public void learn(Step step, Outcome outcome) {
    switch (outcome) {
      case Outcome.Ok _ -> {
        if (step.call() == Call.LOGIN) {
          session = step.session();
          itemsSent = 0;
          checkoutSteps = 0;
          onlookersCookies = cookies.copy();
        } else if (step.call() == Call.ROTATE) {
          // The old id is dead for every client, so the client that shares the session is given the new one.
          onlookersCookies = cookies.copy();
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
   * @param item the item that an {@link Call#ADD} sends, unique in the run, or the step of a {@link Call#CHECKOUT}
   * @param onlooker whether the session's second client makes it
   * @param generation as at {@link dev.statecraft.lab.history.Operation}
   */
  record Step(Call call, String session, @Nullable String item, boolean onlooker, @Nullable Integer generation) {
    Step(Call call, String session, @Nullable String item) {
      this(call, session, item, false, null);
    }
  }
}
