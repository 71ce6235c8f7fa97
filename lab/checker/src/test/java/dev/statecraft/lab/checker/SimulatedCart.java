package dev.statecraft.lab.checker;

import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Simulates a linearizable cart and its clients by events. Every operation takes effect at one instant between its
 * invocation and its completion, an operation of unknown outcome at any instant after its invocation, or never.
 */
public final class SimulatedCart {
  private final Random random;
  private final int clients;
  private final int callsOfEach;
  private final double unknown;
  private final List<Operation> operations = new ArrayList<>();
  private final List<String> cart = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>(
      Comparator.comparingLong(Event::time).thenComparingLong(Event::number));
  private long eventNumber;
  private long nextId;

  public SimulatedCart(Random random, int clients, int callsOfEach, double unknown) {
    this.random = random;
    this.clients = clients;
    this.callsOfEach = callsOfEach;
    this.unknown = unknown;
  }

  private record Event(long time, long number, Runnable happens) {}

  /** Every operation of a session, in the order of their ids. */
  public List<Operation> run(String session) {
    long opened = 10;
    record(0, session, Call.LOGIN, null, 0, opened, new Outcome.Ok(201, null));
    for (int client = 0; client < clients; client++) {
      call(client, session, opened + 1 + random.nextInt(20), callsOfEach);
    }
    while (!events.isEmpty()) {
      events.remove().happens().run();
    }
    operations.sort(Comparator.comparingLong(Operation::id));
    return operations;
  }

  public static History history(List<Operation> operations) {
    return new History("redis", null, 1, List.of("node-1"), operations, List.of());
  }

  private void call(int client, String session, long invoked, int left) {
    if (left == 0) {
      return;
    }
    long effect = invoked + random.nextInt(20);
    long completed = effect + random.nextInt(20);
    long next = completed + 1 + random.nextInt(20);
    at(completed, () -> call(client, session, next, left - 1));
    if (random.nextBoolean()) {
      at(
          effect,
          () -> record(client, session, Call.READ, null, invoked, completed, new Outcome.Ok(200, List.copyOf(cart))));
      return;
    }
    String item = session + "-" + nextId++;
    if (random.nextDouble() >= unknown) {
      at(effect, () -> cart.add(item));
      record(client, session, Call.ADD, item, invoked, completed, new Outcome.Ok(201, null));
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> record(client, session, Call.ADD, item, invoked, completed, new Outcome.Failed(409, "lost the race"));
      case 1 -> record(client, session, Call.ADD, item, invoked, completed, new Outcome.Unknown(0, "timed out"));
      default -> {
        at(effect + random.nextInt(200), () -> cart.add(item));
        record(client, session, Call.ADD, item, invoked, completed, new Outcome.Unknown(0, "timed out"));
      }
    }
  }

  private void at(long time, Runnable happens) {
    events.add(new Event(time, eventNumber++, happens));
  }

  private void record(
      int client, String session, Call call, @Nullable String item, long invoked,
      long completed, Outcome outcome) {
    operations
        .add(new Operation(operations.size(), client, session, call, item, invoked, invoked, completed, outcome,
            "node-1"));
  }
}
