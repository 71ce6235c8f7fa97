package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A simulated user with a session of its own. Not thread-safe: at most one call is in flight at a time. */
final class User implements SimulatedClient {
  static final List<String> CHECKOUT = List.of("reserve", "pay", "ship");
  static final String CANCEL = "cancel";
  private static final int CANCEL_ONE_IN = 8;

  private final int number;
  private final LoadPlan plan;
  private final InstantSource clock;
  private final SplittableRandom random;
  private CookieJar cookies;
  private CookieJar observerCookies;
  private @Nullable String session;
  private int sessionsOpened;
  private int itemsSent;
  private int checkoutSteps;

  User(int number, LoadPlan plan, InstantSource clock) {
    this.number = number;
    this.plan = plan;
    this.clock = clock;
    this.random = new SplittableRandom(plan.seed() * 1_000_003 + number);
    this.cookies = new CookieJar(clock);
    this.observerCookies = cookies;
  }

  /** The observer of a session is a separate client. */
  @Override
  public int clientId(Step step) {
    return step.observer() ? plan.sessions() + number : number;
  }

  @Override
  public String name() {
    return "user-" + number;
  }

  @Override
  public CookieJar cookies(Step step) {
    return step.observer() ? observerCookies : cookies;
  }

  @Override
  public @Nullable Step readCart() {
    String current = session;
    return current == null ? null : new Step(Call.READ, current, null);
  }

  @Override
  public Step next() {
    String current = session;
    if (current == null) {
      return new Step(Call.LOGIN, "u" + number + "-" + ++sessionsOpened, null);
    }
    if (itemsSent >= plan.cartLimit()) {
      return checkout(current);
    }
    Call call = plan.mix().draw(random);
    if (call != Call.ADD) {
      int percent = plan.mix().observerPercent();
      boolean observer = call == Call.READ && percent > 0 && random.nextInt(100) < percent;
      return new Step(call, current, null, observer, null);
    }
    return new Step(Call.ADD, current, plan.item(current + "-" + ++itemsSent));
  }

  /** Checks a full cart out, or sometimes cancels the checkout; then logs out. */
  private Step checkout(String current) {
    if (checkoutSteps >= CHECKOUT.size()) {
      return new Step(Call.LOGOUT, current, null);
    }
    boolean cancels = random.nextInt(CANCEL_ONE_IN) == 0;
    String step = cancels ? CANCEL : CHECKOUT.get(checkoutSteps);
    checkoutSteps = cancels ? CHECKOUT.size() : checkoutSteps + 1;
    return new Step(Call.CHECKOUT, current, step);
  }

  @Override
  public void observe(Step step, Outcome outcome) {
    switch (outcome) {
      case Outcome.Ok _ -> {
        if (step.call() == Call.LOGIN) {
          session = step.session();
          itemsSent = 0;
          checkoutSteps = 0;
          observerCookies = cookies.copy();
        } else if (step.call() == Call.ROTATE) {
          // The old id is invalid for every client, so the observer gets the new one.
          observerCookies = cookies.copy();
        } else if (step.call() == Call.LOGOUT) {
          startOver();
        }
      }
      case Outcome.Failed failed when failed.status() == 401 -> session = null;
      case Outcome.Failed failed when failed.status() == 413 -> itemsSent = plan.cartLimit();
      case Outcome.Failed _ -> {
      }
      case Outcome.Unknown _ -> {
        if (step.call() == Call.LOGOUT) {
          startOver();
        }
      }
    }
  }

  /** A new user without cookies takes over, so that sticky routing also assigns users to restarted nodes. */
  private void startOver() {
    session = null;
    cookies = new CookieJar(clock);
  }

  /** A call to make; the item is unique in the run, or the step of a {@link Call#CHECKOUT}. */
  record Step(Call call, String session, @Nullable String item, boolean observer, @Nullable Integer generation) {
    Step(Call call, String session, @Nullable String item) {
      this(call, session, item, false, null);
    }
  }
}
