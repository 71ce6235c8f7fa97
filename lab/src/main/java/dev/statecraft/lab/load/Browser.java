package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
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
 */
final class Browser {
  static final int TABS = 3;

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

  private Browser(int number, LoadPlan plan, InstantSource clock) {
    this.number = number;
    this.plan = plan;
    this.clock = clock;
    this.cookies = new CookieJar(clock);
  }

  /** The tabs of a new browser, numbered from {@code firstTab}. */
  static List<Visitor> tabs(int number, int firstTab, int tabs, LoadPlan plan, InstantSource clock) {
    Browser browser = new Browser(number, plan, clock);
    List<Visitor> all = new ArrayList<>();
    for (int tab = firstTab; tab < firstTab + tabs; tab++) {
      all.add(browser.new Tab(tab));
    }
    return all;
  }

  private final class Tab implements Visitor {
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
          cookies = new CookieJar(clock);
          atHand = cookies;
          return new Step(Call.LOGIN, "b" + number + "-" + ++sessionsOpened, null);
        }
        atHand = cookies;
        if (itemsSent >= plan.cartLimit() && !leaving) {
          leaving = true;
          return new Step(Call.LOGOUT, current, null);
        }
        Call call = plan.mix().draw(random);
        return call == Call.ADD
            ? new Step(call, current, plan.workload().item(current + "-" + ++itemsSent))
            : new Step(call, current, null);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public @Nullable Step look() {
      lock.lock();
      try {
        String current = session;
        atHand = cookies;
        return current == null ? null : new Step(Call.READ, current, null);
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
          session = done ? step.session() : null;
          opening = false;
          opened.signalAll();
        } else if (step.session().equals(session)) {
          boolean gone = outcome instanceof Outcome.Failed failed && failed.status() == 401;
          boolean full = outcome instanceof Outcome.Failed failed && failed.status() == 413;
          if (gone || (step.call() == Call.LOGOUT && !(outcome instanceof Outcome.Failed))) {
            session = null;
          } else if (step.call() == Call.LOGOUT) {
            leaving = false;
          } else if (full) {
            itemsSent = plan.cartLimit();
          }
        }
      } finally {
        lock.unlock();
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
}
