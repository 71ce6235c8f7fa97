package dev.statecraft.lab.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Verdict;
import dev.statecraft.lab.checker.cart.CartChecker;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.HistoryReader;
import dev.statecraft.lab.history.HistoryWriter;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients in real threads record the answers of an in-memory cart service in a file, as the lab does. */
class BrokenStrategyTest {
  private static final int CLIENTS = 8;
  private static final int SESSIONS = 80;
  private static final int ADDS_OF_EACH = 40;
  private static final int WRITES = SESSIONS * 2 * ADDS_OF_EACH;
  private static final int SOUND = Integer.MAX_VALUE;

  @TempDir
  Path directory;

  @Test
  void catchesOneDroppedWriteInAThousand() throws IOException {
    CartService service = new CartService(1_000);

    Verdict verdict = CartChecker.check(run(service));

    assertThat(service.dropped).hasSize(WRITES / 1_000);
    assertThat(verdict.counts())
        .isEqualTo(Map.of(AnomalyKind.LOST_ACKNOWLEDGED_WRITE, (long) service.dropped.size()));
    assertThat(verdict.anomalies()).extracting(Anomaly::item)
        .containsExactlyInAnyOrderElementsOf(service.dropped);
  }

  @Test
  void findsNothingWithoutTheFault() throws IOException {
    Verdict verdict = CartChecker.check(run(new CartService(SOUND)));

    assertThat(verdict.anomalies()).isEmpty();
    assertThat(verdict.operations()).isGreaterThan(WRITES);
  }

  /** Two clients share each session and write and read concurrently; at the end each cart is read again. */
  private History run(CartService service) throws IOException {
    Path file = directory.resolve("history.jsonl");
    History header = new History("redis", null, 1, List.of("node-1"), List.of(), List.of());
    try (HistoryWriter writer = HistoryWriter.create(file, header)) {
      Client auditor = new Client(CLIENTS, service, writer, new AtomicLong(), System.nanoTime());
      List<String> sessions = IntStream.range(0, SESSIONS).mapToObj(number -> "s" + number).toList();
      sessions.forEach(auditor::login);
      try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
        for (int number = 0; number < CLIENTS; number++) {
          Client client = auditor.numbered(number);
          int pair = number / 2;
          threads.execute(
              () -> IntStream.range(0, SESSIONS).filter(session -> session % (CLIENTS / 2) == pair)
                  .forEach(session -> client.fill(sessions.get(session))));
        }
      }
      sessions.forEach(auditor::read);
    }
    return HistoryReader.read(file);
  }

  private static final class CartService {
    private final Map<String, List<String>> carts = new ConcurrentHashMap<>();
    private final Queue<String> dropped = new ConcurrentLinkedQueue<>();
    private final AtomicLong writes = new AtomicLong();
    private final int dropEvery;

    CartService(int dropEvery) {
      this.dropEvery = dropEvery;
    }

    void login(String session) {
      carts.put(session, Collections.synchronizedList(new ArrayList<>()));
    }

    void add(String session, String item) {
      if (writes.incrementAndGet() % dropEvery == 0) {
        dropped.add(item);
      } else {
        cart(session).add(item);
      }
    }

    List<String> read(String session) {
      List<String> cart = cart(session);
      synchronized (cart) {
        return List.copyOf(cart);
      }
    }

    private List<String> cart(String session) {
      List<String> cart = carts.get(session);
      if (cart == null) {
        throw new IllegalStateException("no session " + session);
      }
      return cart;
    }
  }

  private record Client(int number, CartService service, HistoryWriter writer, AtomicLong ids, long began) {
    Client numbered(int other) {
      return new Client(other, service, writer, ids, began);
    }

    void login(String session) {
      record(session, Call.LOGIN, null, () -> {
        service.login(session);
        return null;
      });
    }

    void fill(String session) {
      for (int add = 0; add < ADDS_OF_EACH; add++) {
        String item = "%s-%d-%d".formatted(session, number, add);
        record(session, Call.ADD, item, () -> {
          service.add(session, item);
          return null;
        });
        if (add % 5 == 4) {
          read(session);
        }
      }
    }

    void read(String session) {
      record(session, Call.READ, null, () -> service.read(session));
    }

    private void record(String session, Call call, @Nullable String item, Answer answer) {
      long id = ids.getAndIncrement();
      long invoked = System.nanoTime() - began;
      List<String> items = answer.await();
      long completed = System.nanoTime() - began;
      Outcome outcome = new Outcome.Ok(200, items);
      writer.record(
          new Operation(id, number, session, call, item, invoked, invoked, completed, outcome, "node-1"));
    }

    private interface Answer {
      @Nullable
      List<String> await();
    }
  }
}
