package dev.statecraft.lab.checker;

import dev.statecraft.lab.checker.SimulatedClients.Request;
import dev.statecraft.lab.checker.SimulatedClients.Service;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Small simulated strategies, each correct or with a bug that real systems have had.
 */
final class SimulatedStrategies {
  static final Outcome CREATED = new Outcome.Ok(201, null);
  static final Outcome UNAUTHORIZED = new Outcome.Failed(401, "no session");
  private static final Outcome CONFLICT = new Outcome.Failed(409, "another request was faster");

  private SimulatedStrategies() {}

  /** The answer to a read of what is stored for a session. */
  static Outcome shown(@Nullable List<String> cart) {
    return cart == null ? UNAUTHORIZED : new Outcome.Ok(200, List.copyOf(cart));
  }

  /** Applies a request to carts. For one thread at a time. */
  static Outcome apply(Map<String, List<String>> carts, Request request) {
    List<String> cart = carts.get(request.session());
    switch (request.call()) {
      case LOGIN -> carts.put(request.session(), new ArrayList<>());
      case LOGOUT -> carts.remove(request.session());
      case ADD -> {
        if (cart == null) {
          return UNAUTHORIZED;
        }
        cart.add(Objects.requireNonNull(request.item()));
      }
      default -> {
        return shown(cart);
      }
    }
    return CREATED;
  }

  private static Map<String, List<String>> copy(Map<String, List<String>> carts) {
    Map<String, List<String>> copy = new HashMap<>();
    carts.forEach((session, cart) -> copy.put(session, new ArrayList<>(cart)));
    return copy;
  }

  /** One node with a disk that is sometimes killed. With the bug, it acknowledges writes before they are on disk. */
  static final class StoresLate implements Service {
    private final SimulatedClients clients;
    private final boolean broken;
    private Map<String, List<String>> memory = new HashMap<>();
    private Map<String, List<String>> disk = new HashMap<>();

    StoresLate(SimulatedClients clients, boolean broken) {
      this.clients = clients;
      this.broken = broken;
    }

    @Override
    public void begin() {
      flush();
      injectBug();
    }

    private void flush() {
      clients.after(40, () -> {
        disk = copy(memory);
        if (clients.goesOn()) {
          flush();
        }
      });
    }

    private void injectBug() {
      clients.after(100 + clients.random().nextInt(200), () -> {
        memory = copy(disk);
        clients.injected("kill", "node-1", clients.now());
        if (clients.goesOn()) {
          injectBug();
        }
      });
    }

    @Override
    public void serve(Request request, Consumer<Outcome> answer) {
      Outcome outcome = apply(memory, request);
      if (!broken) {
        disk = copy(memory);
      }
      answer.accept(outcome);
    }
  }

  /** A leader and two replicas that serve reads. With the bug, the leader does not wait for the replicas. */
  static final class ReplicatesLate implements Service {
    private final SimulatedClients clients;
    private final boolean broken;
    private final List<Map<String, List<String>>> nodes = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());

    ReplicatesLate(SimulatedClients clients, boolean broken) {
      this.clients = clients;
      this.broken = broken;
    }

    @Override
    public void serve(Request request, Consumer<Outcome> answer) {
      if (request.call() == Call.READ) {
        int node = broken ? clients.random().nextInt(nodes.size()) : 0;
        answer.accept(apply(nodes.get(node), request));
        return;
      }
      answer.accept(apply(nodes.getFirst(), request));
      // Sessions change on all nodes at once: the bug of this strategy is in the carts.
      for (Map<String, List<String>> copy : nodes.subList(1, nodes.size())) {
        clients.after(request.call() == Call.ADD ? 30 : 0, () -> apply(copy, request));
      }
    }
  }

  /** A shared pool. A node reads a cart, waits, and writes it. Without the bug, it writes by compare-and-set. */
  static final class WritesWhatItRead implements Service {
    private final SimulatedClients clients;
    private final boolean broken;
    private final Map<String, List<String>> pool = new HashMap<>();

    WritesWhatItRead(SimulatedClients clients, boolean broken) {
      this.clients = clients;
      this.broken = broken;
    }

    @Override
    public void serve(Request request, Consumer<Outcome> answer) {
      List<String> read = pool.get(request.session());
      if (request.call() != Call.ADD || read == null) {
        answer.accept(apply(pool, request));
        return;
      }
      List<String> grown = new ArrayList<>(read);
      grown.add(Objects.requireNonNull(request.item()));
      clients.after(1 + clients.random().nextInt(6), () -> {
        List<String> stored = pool.get(request.session());
        if (stored == null || (!broken && !stored.equals(read))) {
          answer.accept(CONFLICT);
        } else {
          pool.put(request.session(), grown);
          answer.accept(CREATED);
        }
      });
    }
  }

  /** Three caches before one pool. With the bug, a delete reaches the pool and only one cache. */
  static final class ForgetsDeletes implements Service {
    private final SimulatedClients clients;
    private final boolean broken;
    private final Map<String, List<String>> pool = new HashMap<>();
    private final List<Map<String, List<String>>> caches = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());

    ForgetsDeletes(SimulatedClients clients, boolean broken) {
      this.clients = clients;
      this.broken = broken;
    }

    @Override
    public void serve(Request request, Consumer<Outcome> answer) {
      Map<String, List<String>> asked = caches.get(clients.random().nextInt(caches.size()));
      Outcome outcome = apply(pool, request);
      if (request.call() == Call.LOGOUT) {
        (broken ? List.of(asked) : caches).forEach(cache -> cache.remove(request.session()));
      } else if (pool.containsKey(request.session())) {
        caches.forEach(cache -> cache.put(request.session(), pool.get(request.session())));
      } else if (request.call() == Call.READ && asked.containsKey(request.session())) {
        outcome = shown(asked.get(request.session()));
      }
      answer.accept(outcome);
    }
  }

  /**
   * A leader and two followers with logs on disk. A write is acknowledged after one follower has it; the other gets it
   * late. Sometimes a follower's disk is wiped and then the leader is killed. With the bug, the wiped follower votes as
   * before; without it, the follower waits for a leader with a longer log.
   */
  static final class WipedNodeVotes implements Service {
    private static final int LAG = 60;

    private final SimulatedClients clients;
    private final boolean broken;
    private final List<List<Request>> logs = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private int leader;
    private boolean leaderless;

    WipedNodeVotes(SimulatedClients clients, boolean broken) {
      this.clients = clients;
      this.broken = broken;
    }

    @Override
    public void begin() {
      clients.after(150 + clients.random().nextInt(150), this::injectBug);
    }

    private int quick() {
      return (leader + 1) % logs.size();
    }

    private int lagging() {
      return (leader + 2) % logs.size();
    }

    private void injectBug() {
      long began = clients.now();
      int wiped = quick();
      logs.get(wiped).clear();
      clients.injected("wipe", SimulatedClients.NODES.get(wiped), began);
      int killed = leader;
      leaderless = true;
      clients.after(10, () -> {
        if (broken) {
          // The node with the longer log of the remaining two gets two of three votes.
          leader = lagging();
        }
        List<Request> truth = List.copyOf(logs.get(leader));
        for (List<Request> log : logs) {
          log.clear();
          log.addAll(truth);
        }
        leaderless = false;
        clients.injected("kill", SimulatedClients.NODES.get(killed), began);
        if (clients.goesOn()) {
          begin();
        }
      });
    }

    @Override
    public void serve(Request request, Consumer<Outcome> answer) {
      if (leaderless) {
        answer.accept(new Outcome.Failed(0, "no connection"));
        return;
      }
      List<Request> log = logs.get(leader);
      Map<String, List<String>> state = new HashMap<>();
      log.forEach(entry -> apply(state, entry));
      Outcome outcome = apply(state, request);
      if (request.call() != Call.READ && outcome.equals(CREATED)) {
        log.add(request);
        List<Request> followed = logs.get(quick());
        followed.clear();
        followed.addAll(log);
        int late = lagging();
        List<Request> then = List.copyOf(log);
        int term = leader;
        clients.after(LAG, () -> {
          if (!leaderless && leader == term && logs.get(late).size() < then.size()) {
            logs.get(late).clear();
            logs.get(late).addAll(then);
          }
        });
      }
      answer.accept(outcome);
    }
  }
}
