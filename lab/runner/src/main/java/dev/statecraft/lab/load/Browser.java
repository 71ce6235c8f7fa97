package dev.statecraft.lab.load;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.history.Workload;
import dev.statecraft.lab.load.User.Step;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A browser whose tabs share one session and one cookie jar and send requests concurrently. The tab that finds no
 * session logs in while the others wait. The tab that finds the cart full logs out while the others may still send
 * requests. Thread-safe.
 *
 * <p>In {@link Workload#CHECKOUT} all tabs try the next step of a full cart's checkout, until one of them succeeds.
 *
 * <p>In {@link Workload#RACES} each call uses a copy of the cookies, so that the session id that it carried is known.
 * Cookies of its answer are kept unless the id has been rotated in the meantime.
 */
final class Browser {
  static final int TABS = 3;
  private static final int LOGOUT_ONE_IN = 40;
  private static final int RETIRED_ID_ONE_IN = 15;
  private static final int CANCEL_ONE_IN = 12;
  private static final int CHECKOUT_READ_ONE_IN = 4;
  /** Steps that a browser tries before it logs out without completing the checkout. */
  private static final int MAX_CHECKOUT_TRIES = 12;

  private final int number;
  private final LoadPlan plan;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition loginEnded = lock.newCondition();
  @GuardedBy("lock")
  private CookieJar cookies;
  @GuardedBy("lock")
  private @Nullable String session;
  @GuardedBy("lock")
  private boolean loggingIn;
  @GuardedBy("lock")
  private boolean loggingOut;
  @GuardedBy("lock")
  private int sessionsOpened;
  @GuardedBy("lock")
  private int itemsSent;
  @GuardedBy("lock")
  private int generation;
  @GuardedBy("lock")
  private int stepsTaken;
  @GuardedBy("lock")
  private int stepsTried;
  @GuardedBy("lock")
  private @Nullable RetiredId retired;

  private Browser(int number, LoadPlan plan, InstantSource clock) {
    this.number = number;
    this.plan = plan;
    this.clock = clock;
    this.cookies = new CookieJar(clock);
  }

  /** Creates a browser and returns its tabs, numbered from {@code firstTab}. */
  static List<SimulatedClient> tabs(int number, int firstTab, int tabs, LoadPlan plan, InstantSource clock) {
    Browser browser = new Browser(number, plan, clock);
    List<SimulatedClient> all = new ArrayList<>();
    for (int tab = firstTab; tab < firstTab + tabs; tab++) {
      all.add(browser.new Tab(tab));
    }
    return all;
  }

  private final class Tab implements SimulatedClient {
    private final int tab;
    private final SplittableRandom random;
    private CookieJar stepCookies = cookies;

    Tab(int tab) {
      this.tab = tab;
      this.random = new SplittableRandom(plan.seed() * 1_000_003 + tab);
    }

    @Override
    public String name() {
      return "user-" + number;
    }

    @Override
    public int clientId(Step step) {
      return tab;
    }

    @Override
    public CookieJar cookies(Step step) {
      return stepCookies;
    }

    @Override
    public Step next() {
      lock.lock();
      try {
        awaitLogin();
        String current = session;
        if (current == null) {
          loggingIn = true;
          loggingOut = false;
          itemsSent = 0;
          stepsTaken = 0;
          stepsTried = 0;
          cookies = new CookieJar(clock);
          stepCookies = cookies;
          return new Step(Call.LOGIN, "b" + number + "-" + ++sessionsOpened, null);
        }
        RetiredId retiredId = retired;
        if (retiredId != null && random.nextInt(RETIRED_ID_ONE_IN) == 0) {
          stepCookies = retiredId.cookies().copy();
          return new Step(Call.READ, retiredId.session(), null, false, retiredId.generation());
        }
        stepCookies = nextCookies();
        boolean full = itemsSent >= plan.cartLimit();
        if (full && !loggingOut && hasCheckoutSteps()) {
          return checkout(current);
        }
        if (!loggingOut && (full || (isRacing() && random.nextInt(LOGOUT_ONE_IN) == 0))) {
          loggingOut = true;
          return step(Call.LOGOUT, current, null);
        }
        Call call = plan.mix().draw(random);
        return step(call, current, call == Call.ADD ? plan.item(current + "-" + ++itemsSent) : null);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public @Nullable Step readCart() {
      lock.lock();
      try {
        String current = session;
        stepCookies = nextCookies();
        return current == null ? null : step(Call.READ, current, null);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void observe(Step step, Outcome outcome) {
      lock.lock();
      try {
        boolean done = outcome instanceof Outcome.Ok;
        if (step.call() == Call.LOGIN) {
          // Another tab may have timed out and logged in too; the last login wins, with its own cookies.
          session = done ? step.session() : null;
          cookies = stepCookies;
          generation = 0;
          loggingIn = false;
          loginEnded.signalAll();
        } else if (step.session().equals(session) && carriesCurrentId(step)) {
          if (step.call() == Call.CHECKOUT && done) {
            stepsTaken = Math.max(stepsTaken, stepsAfter(step));
          }
          boolean gone = outcome instanceof Outcome.Failed failed && failed.status() == 401;
          boolean full = outcome instanceof Outcome.Failed failed && failed.status() == 413;
          if (gone || (step.call() == Call.LOGOUT && !(outcome instanceof Outcome.Failed))) {
            retireId(step);
            session = null;
          } else if (step.call() == Call.ROTATE && done) {
            retireId(step);
            generation++;
          } else if (step.call() == Call.LOGOUT) {
            loggingOut = false;
          } else if (full) {
            itemsSent = plan.cartLimit();
          }
          if (isRacing()) {
            cookies.merge(stepCookies);
          }
        }
      } finally {
        lock.unlock();
      }
    }

    @GuardedBy("lock")
    private boolean hasCheckoutSteps() {
      return plan.workload() == Workload.CHECKOUT && stepsTaken < User.CHECKOUT.size()
          && stepsTried < MAX_CHECKOUT_TRIES;
    }

    @GuardedBy("lock")
    private Step checkout(String current) {
      if (random.nextInt(CHECKOUT_READ_ONE_IN) == 0) {
        return step(Call.READ, current, null);
      }
      stepsTried++;
      return step(Call.CHECKOUT, current,
          random.nextInt(CANCEL_ONE_IN) == 0 ? User.CANCEL : User.CHECKOUT.get(stepsTaken));
    }

    /** The number of completed checkout steps after this one succeeded. */
    private static int stepsAfter(Step step) {
      return User.CANCEL.equals(step.item()) ? User.CHECKOUT.size() : User.CHECKOUT.indexOf(step.item()) + 1;
    }

    private boolean isRacing() {
      return plan.workload() == Workload.RACES;
    }

    @GuardedBy("lock")
    private CookieJar nextCookies() {
      return isRacing() ? cookies.copy() : cookies;
    }

    @GuardedBy("lock")
    private Step step(Call call, String current, @Nullable String item) {
      return new Step(call, current, item, false, isRacing() ? Integer.valueOf(generation) : null);
    }

    @GuardedBy("lock")
    private boolean carriesCurrentId(Step step) {
      return step.generation() == null || step.generation() == generation;
    }

    /** Keeps the id that is invalid from now on. */
    @GuardedBy("lock")
    private void retireId(Step step) {
      if (isRacing()) {
        retired = new RetiredId(step.session(), generation, cookies.copy());
      }
    }

    /** Waits while another tab logs in, at most for the deadline; after that this tab logs in. */
    @GuardedBy("lock")
    private void awaitLogin() {
      long left = plan.deadline().toNanos();
      try {
        while (loggingIn && left > 0) {
          left = loginEnded.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A session id that has been rotated or logged out. */
  private record RetiredId(String session, int generation, CookieJar cookies) {}
}
