package dev.statecraft.session.affinity;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Brings sessions to where they are asked for. A node that misses a session asks its peers, and the one that holds it
 * gives it away; a node that ends gives away all that it holds. A session is at one node at a time: it is locked while
 * it moves.
 *
 * <p>Thread-safe. Bounded: by the number of lookups at a time, by a deadline for each message and one for leaving.
 */
final class Handover implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
  /** After a drain, and before the server stops listening: peers ask until the last session is gone. */
  static final int PHASE = Integer.MAX_VALUE - 512;
  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");
  private static final String NOBODYS_ID = "00000000-0000-0000-0000-000000000000";
  private static final int MOST_LOOKUPS = 512;
  private static final int MOST_TRACES = 100_000;
  private static final int BATCH = LookupBatcher.MOST_IN_A_MESSAGE;
  private static final int BATCHES_AT_A_TIME = 4;

  private final AffinitySessionRepository sessions;
  private final Peers peers;
  private final Duration lookupDeadline;
  private final Duration leavingDeadline;
  private final Semaphore lookups = new Semaphore(MOST_LOOKUPS);
  private final ConcurrentMap<String, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();
  /** Where sessions went that were here, the last ones of them: a peer that asks late is sent after them. */
  private final Map<String, String> gone = Collections.synchronizedMap(new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
      return size() > MOST_TRACES;
    }
  });
  private volatile boolean leaving;
  private volatile boolean running;

  Handover(AffinitySessionRepository sessions, Peers peers, Duration lookupDeadline, Duration leavingDeadline) {
    this.sessions = sessions;
    this.peers = peers;
    this.lookupDeadline = lookupDeadline;
    this.leavingDeadline = leavingDeadline;
    sessions.missing(this::fetch);
  }

  /**
   * Brings a session here that this node does not hold.
   *
   * @return whether it is here now
   * @throws SessionStoreException when a peer that may hold it does not answer
   */
  boolean fetch(String id) {
    if (!ID.matcher(id).matches() || peers.names().isEmpty()) {
      return false;
    }
    if (leaving) {
      if (gone.containsKey(id)) {
        throw new SessionStoreException(Reason.UNAVAILABLE, "This node is ending and has handed the session over");
      }
      return false;
    }
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> others = underWay.putIfAbsent(id, mine);
    if (others != null) {
      return await(others);
    }
    if (!lookups.tryAcquire()) {
      underWay.remove(id);
      SessionStoreException refusal = new SessionStoreException(Reason.UNAVAILABLE,
          "Too many sessions are being looked for");
      mine.completeExceptionally(refusal);
      throw refusal;
    }
    try {
      boolean found = await(lookUp(id));
      mine.complete(found);
      return found;
    } catch (SessionStoreException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      lookups.release();
      underWay.remove(id);
    }
  }

  /**
   * All are asked once more when the connection to one of them broke: a node that ends gives its sessions to others in
   * its last moment, perhaps to one that had just said that it has none.
   */
  private CompletableFuture<Boolean> lookUp(String id) {
    return askAll(id).exceptionallyCompose(
        failure -> Peers.isBroken(failure) ? askAll(id) : CompletableFuture.failedFuture(failure));
  }

  /** True as soon as one peer has brought it; otherwise when all have answered. */
  private CompletableFuture<Boolean> askAll(String id) {
    CompletableFuture<Boolean> found = new CompletableFuture<>();
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (String peer : peers.names()) {
      answers.add(peers.ask(peer, id)
          .thenCompose(
              at -> at == null || at.equals(peers.self()) || !peers.knows(at)
                  ? CompletableFuture.completedFuture(at)
                  : peers.ask(at, id))
          .thenAccept(at -> {
            if (peers.self().equals(at)) {
              found.complete(true);
            } else if (at != null) {
              throw new CompletionException(new IOException("the session moves faster than it can be followed"));
            }
          }));
    }
    CompletableFuture<Boolean> nowhere = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all -> false);
    return found.applyToEither(nowhere, Function.identity());
  }

  private boolean await(CompletableFuture<Boolean> found) {
    try {
      return found.get(lookupDeadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionStoreException(Reason.UNAVAILABLE, "Interrupted while the session was looked for", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new SessionStoreException(Reason.UNAVAILABLE, "A node that may hold the session does not answer", e);
    }
  }

  /** A peer asks for sessions: gives those that are here, and answers where each is then that it knows of. */
  Map<String, String> asked(List<String> ids, String by) {
    if (!peers.knows(by)) {
      return Map.of();
    }
    Set<String> given = sessions.moveAway(ids, moving -> give(by, moving));
    Map<String, String> places = new HashMap<>();
    for (String id : ids) {
      String place = given.contains(id) ? by : gone.get(id);
      if (place != null) {
        places.put(id, place);
      }
    }
    return places;
  }

  /** A peer gives sessions: holds them, and answers which, or null where this node is ending itself. */
  @Nullable
  Set<String> given(List<MovingSession> moving) {
    if (leaving) {
      return null;
    }
    Set<String> taken = new HashSet<>();
    for (MovingSession session : moving) {
      if (sessions.accept(session)) {
        gone.remove(session.id());
        taken.add(session.id());
      }
    }
    return taken;
  }

  private Set<String> give(String peer, List<MovingSession> moving) {
    if (moving.isEmpty()) {
      return Set.of();
    }
    try {
      Set<String> taken = peers.give(peer, moving);
      taken.forEach(id -> gone.put(id, peer));
      return taken;
    } catch (IOException e) {
      LOG.warn("Cannot give {} sessions to {}: {}", moving.size(), peer, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Set.of();
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    leaving = true;
  }

  /** Speaks to every peer once, so that the first session that moves does not wait for code to be loaded. */
  @Override
  public void start() {
    running = true;
    Thread.ofVirtual().name("handover-warm-up").start(() -> {
      for (String peer : peers.names()) {
        try {
          peers.ask(peer, NOBODYS_ID).get(lookupDeadline.toMillis(), TimeUnit.MILLISECONDS);
          peers.give(peer, List.of());
        } catch (IOException | ExecutionException | TimeoutException e) {
          LOG.debug("{} is not there yet: {}", peer, e.toString());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    });
  }

  /** Gives every session to some peer, to each about as many. */
  @Override
  public void stop() {
    running = false;
    leaving = true;
    List<String> held = sessions.ids();
    List<String> names = peers.names();
    if (held.isEmpty() || names.isEmpty()) {
      return;
    }
    AtomicInteger handedOver = new AtomicInteger();
    List<Callable<Void>> batches = new ArrayList<>();
    for (int from = 0; from < held.size(); from += BATCH) {
      List<String> batch = held.subList(from, Math.min(from + BATCH, held.size()));
      int first = batches.size();
      batches.add(() -> {
        handedOver.addAndGet(sessions.moveAway(batch, moving -> giveToAny(names, first, moving)).size());
        return null;
      });
    }
    try (ExecutorService workers = Executors.newFixedThreadPool(BATCHES_AT_A_TIME, Thread.ofVirtual().factory())) {
      workers.invokeAll(batches, leavingDeadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.info("Handed over {} of {} sessions", handedOver.get(), held.size());
  }

  private Set<String> giveToAny(List<String> names, int first, List<MovingSession> moving) {
    Set<String> taken = new HashSet<>();
    for (int offset = 0; offset < names.size() && taken.size() < moving.size(); offset++) {
      String peer = names.get((first + offset) % names.size());
      taken.addAll(give(peer, moving.stream().filter(session -> !taken.contains(session.id())).toList()));
    }
    return taken;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
