package dev.statecraft.session.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.contract.TypeVersions.Basket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * A rolling upgrade under load: two live nodes, one with an old and one with a new version of an attribute type, change
 * the same sessions. No session and no field may get lost.
 *
 * @param now current time of the stores
 */
public record RollingUpgrade(
    TypeVersions types, SessionRepository<? extends Session> oldNode, SessionRepository<? extends Session> newNode,
    Instant now) {
  private static final int SESSIONS = 3;
  private static final int WRITERS_OF_VERSION = 2;
  private static final int CHANGES = 8;
  private static final int MAX_ATTEMPTS = 1_000;
  private static final String ATTRIBUTE = "basket";

  /** Requests of one session are concurrent: the store refuses one of two that overlap, and its client repeats it. */
  public void concurrentWritersLoseNothing() {
    List<String> sessions = createSessions();
    List<Callable<Void>> writers = new ArrayList<>();
    for (String session : sessions) {
      for (int i = 0; i < 2 * WRITERS_OF_VERSION; i++) {
        String writer = "writer " + i;
        SessionRepository<? extends Session> node = i % 2 == 0 ? oldNode : newNode;
        writers.add(() -> {
          for (int change = 0; change < CHANGES; change++) {
            addUntilAccepted(node, session, writer + ", change " + change);
          }
          return null;
        });
      }
    }
    inParallel(writers);

    for (String session : sessions) {
      Basket basket = basket(newNode, session);
      assertThat(basket.items()).hasSize(2 * WRITERS_OF_VERSION * CHANGES).doesNotHaveDuplicates();
      assertThat(basket.newFields()).isEqualTo("gold, Bern, " + WRITERS_OF_VERSION * CHANGES + " changes");
    }
  }

  /** Requests of one session follow each other, on both nodes in turn; those of different sessions are concurrent. */
  public void alternatingWritersLoseNothing() {
    List<Callable<Void>> clients = new ArrayList<>();
    for (String session : createSessions()) {
      clients.add(() -> {
        String token = session;
        for (int change = 0; change < 2 * CHANGES; change++) {
          token = add(change % 2 == 0 ? oldNode : newNode, token, "change " + change);
        }
        Basket basket = basket(newNode, token);
        assertThat(basket.items()).isEqualTo(
            IntStream.range(0, 2 * CHANGES).mapToObj(change -> "change " + change).toList());
        assertThat(basket.newFields()).isEqualTo("gold, Bern, " + CHANGES + " changes");
        return null;
      });
    }
    inParallel(clients);
  }

  /**
   * Requests of one session are concurrent, and the last write wins. Items and changes may get lost, as documented, but
   * neither the session nor the fields that the old version does not know.
   */
  public void overwritingWritersKeepFields() {
    List<String> sessions = createSessions();
    List<Callable<Void>> writers = new ArrayList<>();
    for (String session : sessions) {
      for (SessionRepository<? extends Session> node : List.of(oldNode, newNode)) {
        writers.add(() -> {
          for (int change = 0; change < CHANGES; change++) {
            add(node, session, "change " + change);
            assertThat(basket(newNode, session).newFields()).startsWith("gold, Bern, ");
          }
          return null;
        });
      }
    }
    inParallel(writers);

    assertThat(sessions).allSatisfy(session -> assertThat(basket(oldNode, session).items()).isNotEmpty());
  }

  private List<String> createSessions() {
    return IntStream.range(0, SESSIONS)
        .mapToObj(_ -> TestRequest.open(newNode, now).set(ATTRIBUTE, types.newBasket()).finish())
        .toList();
  }

  private void addUntilAccepted(SessionRepository<? extends Session> node, String session, String item) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        add(node, session, item);
        return;
      } catch (SessionStoreException rejection) {
        assertThat(rejection.reason()).isEqualTo(Reason.CONFLICT);
      }
    }
    throw new AssertionError("The store refused " + MAX_ATTEMPTS + " attempts");
  }

  private String add(SessionRepository<? extends Session> node, String token, String item) {
    TestRequest<?> request = begin(node, token);
    return request.set(ATTRIBUTE, Objects.requireNonNull(request.<Basket>get(ATTRIBUTE)).with(item)).finish();
  }

  private Basket basket(SessionRepository<? extends Session> node, String token) {
    return Objects.requireNonNull(begin(node, token).<Basket>get(ATTRIBUTE));
  }

  private TestRequest<?> begin(SessionRepository<? extends Session> node, String token) {
    return Objects.requireNonNull(TestRequest.begin(node, token, now), "the session is lost");
  }

  private static void inParallel(List<Callable<Void>> clients) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> client : threads.invokeAll(clients)) {
        client.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
