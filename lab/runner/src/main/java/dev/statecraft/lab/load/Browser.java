package dev.statecraft.lab.load;

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
 * A browser whose tabs share one session and one cookie jar, and ask at the same time. The tab that finds no session
 * logs in, and the others wait for it; the tab that finds the cart full logs out under the others' hands. Thread-safe.
 *
 * <p>In {@link Workload#CHECKOUT} the tabs of a full cart all try its next step, until each has been taken by one of
 * them.
 *
 * <p>In {@link Workload#RACES} each call takes a copy of the cookies along, so that it is known which id it carried;
 * what its answer sets is kept unless the id has been replaced meanwhile.
 */
final class Browser {
  static final int TABS = 3;
  private static final int LOGS_OUT_ONE_IN = 40;
  private static final int COMES_BACK_ONE_IN = 15;
  private static final int CANCELS_ONE_IN = 12;
  private static final int LOOKS_ONE_IN = 4;
  /** Steps that a browser tries before it leaves the cart as it is. */
  private static final int MAX_STEPS = 12;

  private final int number;
  private final LoadPlan plan;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition opened = lock.newCondition();
  // Guarded by lock.
  private CookieJar cookies;
  private @Nullable String session;
  private boolean opening;
  private boolean leaving;
  private int sessionsOpened;
  private int itemsSent;
  private int generation;
  private int stepsTaken;
  private int stepsTried;
  private @Nullable Former former;

  private Browser(int number, LoadPlan plan, InstantSource clock) {
    this.number = number;
    this.plan = plan;
    this.clock = clock;
    this.cookies = new CookieJar(clock);
  }

  /** The tabs of a new browser, numbered from {@code firstTab}. */
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
    private CookieJar atHand = cookies;

    Tab(int tab) {
      this.tab = tab;
      this.random = new SplittableRandom(plan.seed() * 1_000_003 + tab);
    }

    @Override
    public String name() {
      return "user-" + number;
    }

    @Override
    public int client(Step step) {
      return tab;
    }

    @Override
    public CookieJar cookies(Step step) {
      return atHand;
    }

    @Override
    public Step next() {
      lock.lock();
      try {
        awaitLogin();
        String current = session;
        if (current == null) {
          opening = true;
          leaving = false;
          itemsSent = 0;
          stepsTaken = 0;
          stepsTried = 0;
          cookies = new CookieJar(clock);
          atHand = cookies;
          return new Step(Call.LOGIN, "b" + number + "-" + ++sessionsOpened, null);
        }
        Former dead = former;
        if (dead != null && random.nextInt(COMES_BACK_ONE_IN) == 0) {
          atHand = dead.cookies().copy();
          return new Step(Call.READ, dead.session(), null, false, dead.generation());
        }
        atHand = cookiesToGo();
        boolean full = itemsSent >= plan.cartLimit();
        if (full && !leaving && checksOut()) {
          return checkout(current);
        }
        if (!leaving && (full || (races() && random.nextInt(LOGS_OUT_ONE_IN) == 0))) {
          leaving = true;
          return step(Call.LOGOUT, current, null);
        }
        Call call = plan.mix().draw(random);
        return step(call, current, call == Call.ADD ? plan.item(current + "-" + ++itemsSent) : null);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public @Nullable Step look() {
      lock.lock();
      try {
        String current = session;
        atHand = cookiesToGo();
        return current == null ? null : step(Call.READ, current, null);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void learn(Step step, Outcome outcome) {
      lock.lock();
      try {
        boolean done = outcome instanceof Outcome.Ok;
        if (step.call() == Call.LOGIN) {
          // Another tab may have stopped waiting and logged in too: a session goes with the cookies that it set.
          session = done ? step.session() : null;
          cookies = atHand;
          generation = 0;
          opening = false;
          opened.signalAll();
        } else if (step.session().equals(session) && isOfNewestId(step)) {
          if (step.call() == Call.CHECKOUT && done) {
            stepsTaken = Math.max(stepsTaken, after(step));
          }
          boolean gone = outcome instanceof Outcome.Failed failed && failed.status() == 401;
          boolean full = outcome instanceof Outcome.Failed failed && failed.status() == 413;
          if (gone || (step.call() == Call.LOGOUT && !(outcome instanceof Outcome.Failed))) {
            replaced(step);
            session = null;
          } else if (step.call() == Call.ROTATE && done) {
            replaced(step);
            generation++;
          } else if (step.call() == Call.LOGOUT) {
            leaving = false;
          } else if (full) {
            itemsSent = plan.cartLimit();
          }
          if (races()) {
            cookies.adopt(atHand);
          }
        }
      } finally {
        lock.unlock();
      }
    }

    private boolean checksOut() {
      return plan.workload() == Workload.CHECKOUT && stepsTaken < User.CHECKOUT.size() && stepsTried < MAX_STEPS;
    }

    private Step checkout(String current) {
      if (random.nextInt(LOOKS_ONE_IN) == 0) {
        return step(Call.READ, current, null);
      }
      stepsTried++;
      return step(Call.CHECKOUT, current,
          random.nextInt(CANCELS_ONE_IN) == 0 ? User.CANCEL : User.CHECKOUT.get(stepsTaken));
    }

    /** How many steps have been taken once this one has. */
    private static int after(Step step) {
      return User.CANCEL.equals(step.item()) ? User.CHECKOUT.size() : User.CHECKOUT.indexOf(step.item()) + 1;
    }

    private boolean races() {
      return plan.workload() == Workload.RACES;
    }

    private CookieJar cookiesToGo() {
      return races() ? cookies.copy() : cookies;
    }

    private Step step(Call call, String current, @Nullable String item) {
      return new Step(call, current, item, false, races() ? Integer.valueOf(generation) : null);
    }

    private boolean isOfNewestId(Step step) {
      return step.generation() == null || step.generation() == generation;
    }

    /** Keeps the id that is dead from now on. */
    private void replaced(Step step) {
      if (races()) {
        former = new Former(step.session(), generation, cookies.copy());
      }
    }

    /** While another tab logs in, for as long as that may take; then this one tries itself. */
    private void awaitLogin() {
      long left = plan.deadline().toNanos();
      try {
        while (opening && left > 0) {
          left = opened.awaitNanos(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** An id that no service may answer any more. */
  private record Former(String session, int generation, CookieJar cookies) {}
}
