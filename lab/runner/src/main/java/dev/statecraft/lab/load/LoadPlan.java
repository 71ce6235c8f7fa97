package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Workload;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What load is offered. All of it follows from the plan but for which user is free at an instant.
 *
 * @param ratePerSecond requests that the schedule wants sent in each second, whatever the answers
 * @param warmUp how long before measuring begins there is load: for half of that time the rate climbs evenly from
 * nothing, then it is held; in the history, not in the latency
 * @param measured for how long latency and throughput are measured
 * @param sessions simulated users, each with at most one request under way
 * @param deadline how long a user waits for an answer; also how much of the schedule may queue for a free user
 * @param mix what users do
 * @param cartLimit items after which a user logs out and another visitor takes its place; fewer where the workload says
 * so
 * @param workload what kind of users they are
 */
public record LoadPlan(double ratePerSecond, Duration warmUp, Duration measured, int sessions, long seed,
    Duration deadline, OperationMix mix, int cartLimit, Workload workload) {
  private static final int SMALL_CART = 3;
  private static final int LONG_ITEM_CHARACTERS = 300;

  public LoadPlan {
    if (sessions < 1 || cartLimit < 1 || !deadline.isPositive()) {
      throw new IllegalArgumentException("a plan needs a deadline, sessions and a cart limit");
    }
    new Arrivals(ratePerSecond, warmUp, measured);
    cartLimit = workload == Workload.CHECKOUT ? Math.min(SMALL_CART, cartLimit) : cartLimit;
  }

  /** A plan of users who each have a session of their own. */
  public LoadPlan(double ratePerSecond, Duration warmUp, Duration measured, int sessions, long seed, Duration deadline,
      OperationMix mix, int cartLimit) {
    this(ratePerSecond, warmUp, measured, sessions, seed, deadline, mix, cartLimit, Workload.SHOPPING);
  }

  /** As many who ask as the plan has simulated users. */
  List<SimulatedClient> visitors(InstantSource clock) {
    List<SimulatedClient> visitors = new ArrayList<>();
    for (int number = 1; visitors.size() < sessions; number++) {
      if (workload.sharesSessions()) {
        int first = visitors.size() + 1;
        visitors.addAll(Browser.tabs(number, first, Math.min(Browser.TABS, sessions - visitors.size()), this, clock));
      } else {
        visitors.add(new User(number, this, clock));
      }
    }
    return List.copyOf(visitors);
  }

  /** What an item is called; unique where {@code name} is. */
  String item(String name) {
    return workload == Workload.LARGE ? name + "-" + "x".repeat(LONG_ITEM_CHARACTERS) : name;
  }

  /** When its requests are due. */
  Arrivals arrivals() {
    return new Arrivals(ratePerSecond, warmUp, measured);
  }

  /** How many requests may wait for a free user before the generator sheds. */
  int queueBound() {
    return Math.max(sessions, (int) Math.min(1_000_000, Math.ceil(deadline.toNanos() / 1e9 * ratePerSecond)));
  }
}
