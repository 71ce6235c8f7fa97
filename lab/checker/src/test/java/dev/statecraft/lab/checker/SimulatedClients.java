package dev.statecraft.lab.checker;

import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Simulates the clients of a service by events, in simulated milliseconds. Two tabs of each session add to its cart and
 * read it, one logs out, both send another call with the old id, and log in again. The seed determines everything.
 */
final class SimulatedClients {
  static final List<String> NODES = List.of("node-1", "node-2", "node-3");

  private static final long MILLI = 1_000_000;
  private static final int SESSIONS = 4;
  private static final int CALLS_OF_A_SESSION = 24;

  private final Random random;
  private final int operationsWanted;
  private final List<Operation> operations = new ArrayList<>();
  private final List<FaultEvent> faults = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>(
      Comparator.comparingLong(Event::time).thenComparingLong(Event::number));
  private long now;
  private long eventNumber;
  private int begun;
  private int sessionsOpened;

  private record Event(long time, long number, Runnable happens) {}

  /** A service under test. */
  interface Service {
    /** Receives a request, and answers it now or later. */
    void serve(Request request, Consumer<Outcome> answer);

    /** Called once, before the first request, so that a service can schedule its own failures. */
    default void begin() {}
  }

  record Request(Call call, String session, @Nullable String item) {}

  SimulatedClients(long seed, int operations) {
    this.random = new Random(seed);
    this.operationsWanted = operations;
  }

  Random random() {
    return random;
  }

  long now() {
    return now;
  }

  /** Tells whether clients still send requests. */
  boolean goesOn() {
    return begun < operationsWanted;
  }

  /** Schedules an action. */
  void after(long millis, Runnable happens) {
    events.add(new Event(now + millis * MILLI, eventNumber++, happens));
  }

  void injected(String kind, String node, long began) {
    faults.add(new FaultEvent(kind, node, began, now));
  }

  /** What the clients of the service recorded. */
  History run(Service service, String strategy, @Nullable String reads, @Nullable String writes) {
    service.begin();
    for (int group = 0; group < SESSIONS; group++) {
      int first = group * 2;
      after(random.nextInt(20), () -> open(service, first));
    }
    while (!events.isEmpty()) {
      Event event = events.remove();
      now = event.time();
      event.happens().run();
    }
    operations.sort(Comparator.comparingLong(Operation::invoked));
    List<Operation> numbered = new ArrayList<>();
    for (Operation operation : operations) {
      numbered.add(
          new Operation(numbered.size(), operation.client(), operation.session(), operation.call(), operation.item(),
              operation.scheduled(), operation.invoked(), operation.completed(), operation.outcome(), null));
    }
    return new History(strategy, reads, writes, null, 1, NODES, null, numbered, faults);
  }

  /** The calls of one session: its tabs run concurrently, each waits only for its own answers. */
  private final class Visit {
    private final Service service;
    private final int firstClient;
    private final String session = "s" + ++sessionsOpened;
    private int calls;
    private int items;
    private int tabsThatEnded;

    Visit(Service service, int firstClient) {
      this.service = service;
      this.firstClient = firstClient;
    }

    void tab(int tab) {
      if (calls < CALLS_OF_A_SESSION) {
        calls++;
        boolean add = random.nextBoolean();
        call(
            tab, new Request(add ? Call.ADD : Call.READ, session, add ? session + "-" + ++items : null),
            () -> tab(tab));
      } else if (tab == 0) {
        call(0, new Request(Call.LOGOUT, session, null),
            () -> call(0, new Request(Call.READ, session, null), this::end));
      } else {
        after(150, () -> call(1, new Request(Call.READ, session, null), this::end));
      }
    }

    private void end() {
      tabsThatEnded++;
      if (tabsThatEnded == 2) {
        open(service, firstClient);
      }
    }

    private void call(int tab, Request request, Runnable then) {
      if (!goesOn()) {
        return;
      }
      begun++;
      long invoked = now;
      after(1 + random.nextInt(4), () -> service.serve(request, outcome -> after(1 + random.nextInt(4), () -> {
        operations.add(
            new Operation(0, firstClient + tab, request.session(), request.call(), request.item(), invoked, invoked,
                now, outcome, null));
        after(1 + random.nextInt(10), then);
      })));
    }
  }

  private void open(Service service, int firstClient) {
    Visit visit = new Visit(service, firstClient);
    visit.call(0, new Request(Call.LOGIN, visit.session, null), () -> {
      visit.tab(0);
      visit.tab(1);
    });
  }
}
