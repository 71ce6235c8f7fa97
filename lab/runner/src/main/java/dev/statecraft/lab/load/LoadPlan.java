package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Workload;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The load that is offered. The plan determines it, except for which user is free at an instant.
 *
 * @param ratePerSecond requests scheduled per second, independent of answers
 * @param warmUp time before measuring, as in {@link Arrivals}; its requests are in the history, but not in the latency
 * @param measured time for which latency and throughput are measured
 * @param sessions simulated users, each with at most one request in flight
 * @param deadline how long a user waits for an answer; also bounds the queue of requests that wait for a free user
 * @param mix what users do
 * @param cartLimit items after which a user logs out and is replaced; the workload may lower it
 * @param workload how users share sessions and what they do
 */
public record LoadPlan(double ratePerSecond, Duration warmUp, Duration measured, int sessions, long seed,
    Duration deadline, OperationMix mix, int cartLimit, Workload workload) {
  private static final int SMALL_CART = 3;
  private static final int LONG_ITEM_CHARACTERS = 300;

  public LoadPlan {
    if (sessions < 1 || cartLimit < 1 || !deadline.isPositive()) {
      throw new IllegalArgumentException("sessions, cart limit and deadline must be positive");
    }
    new Arrivals(ratePerSecond, warmUp, measured);
    cartLimit = workload == Workload.CHECKOUT ? Math.min(SMALL_CART, cartLimit) : cartLimit;
  }

  /** A plan in which each user has its own session. */
  public LoadPlan(double ratePerSecond, Duration warmUp, Duration measured, int sessions, long seed, Duration deadline,
      OperationMix mix, int cartLimit) {
    this(ratePerSecond, warmUp, measured, sessions, seed, deadline, mix, cartLimit, Workload.SHOPPING);
  }

  /** The same plan for other users of the same kind. */
  public LoadPlan withSessions(int number) {
    return new LoadPlan(ratePerSecond, warmUp, measured, number, seed + 1, deadline, mix, cartLimit, workload);
  }

  /** Creates the simulated users of the plan. */
  List<SimulatedClient> clients(InstantSource clock) {
    List<SimulatedClient> clients = new ArrayList<>();
    for (int number = 1; clients.size() < sessions; number++) {
      if (workload.sharesSessions()) {
        int first = clients.size() + 1;
        clients.addAll(Browser.tabs(number, first, Math.min(Browser.TABS, sessions - clients.size()), this, clock));
      } else {
        clients.add(new User(number, this, clock));
      }
    }
    return List.copyOf(clients);
  }

  /** The item to add to a cart; unique if {@code name} is. */
  String item(String name) {
    return workload == Workload.LARGE ? name + "-" + "x".repeat(LONG_ITEM_CHARACTERS) : name;
  }

  Arrivals arrivals() {
    return new Arrivals(ratePerSecond, warmUp, measured);
  }

  /** The maximum number of requests that wait for a free user; the generator sheds the rest. */
  int maxQueueLength() {
    return Math.max(sessions, (int) Math.min(1_000_000, Math.ceil(deadline.toNanos() / 1e9 * ratePerSecond)));
  }
}
