package dev.statecraft.session.affinity;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.affinity.AffinitySessionRepository.RemoteSessions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
 * Moves sessions between nodes. A node that does not hold a session asks its peers, and the peer that holds the session
 * sends it. A node that shuts down sends all its sessions away. A session is on one node at a time: it is locked while
 * it moves.
 *
 * <p>Thread-safe. Bounded by a maximum of concurrent lookups, a timeout per request, and a timeout for the shutdown.
 */
final class Handover implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, RemoteSessions {
  /** After the drain and before the server stops listening, because peers ask until the last session has moved. */
  static final int PHASE = Integer.MAX_VALUE - 512;
  private static final Logger log = LoggerFactory.getLogger(Handover.class);
  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");
  private static final String UNUSED_ID = "00000000-0000-0000-0000-000000000000";
  private static final int MAX_LOOKUPS = 512;
  private static final int MAX_MOVED_ENTRIES = 100_000;
  private static final int BATCH_SIZE = LookupBatcher.MAX_BATCH_SIZE;
  private static final int MAX_BATCHES_IN_FLIGHT = 4;

  private final AffinitySessionRepository sessions;
  private final Peers peers;
  private final Duration lookupTimeout;
  private final Duration shutdownTimeout;
  private final Semaphore lookups = new Semaphore(MAX_LOOKUPS);
  private final ConcurrentMap<String, CompletableFuture<Boolean>> lookupsInFlight = new ConcurrentHashMap<>();
  /** New node of each session that moved away recently, for peers that still ask here. */
  private final Map<String, String> movedTo = Collections.synchronizedMap(new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
      return size() > MAX_MOVED_ENTRIES;
    }
  });
  private volatile boolean shuttingDown;
  private volatile boolean running;

  Handover(AffinitySessionRepository sessions, Peers peers, Duration lookupTimeout, Duration shutdownTimeout) {
    this.sessions = sessions;
    this.peers = peers;
    this.lookupTimeout = lookupTimeout;
    this.shutdownTimeout = shutdownTimeout;
    sessions.connect(this);
  }

  /**
   * Fetches a session that this node does not hold.
   *
   * @return true if it is here now
   * @throws SessionStoreException if a peer that may hold it does not respond
   */
  @Override
  public boolean fetch(String id) {
    if (!ID.matcher(id).matches() || peers.names().isEmpty()) {
      return false;
    }
    if (shuttingDown) {
      if (movedTo.containsKey(id)) {
        throw new SessionStoreException(Reason.UNAVAILABLE,
            "This node is shutting down and has moved the session to another node; retry");
      }
      return false;
    }
    CompletableFuture<Boolean> own = new CompletableFuture<>();
    CompletableFuture<Boolean> other = lookupsInFlight.putIfAbsent(id, own);
    if (other != null) {
      return await(other);
    }
    if (!lookups.tryAcquire()) {
      lookupsInFlight.remove(id);
      SessionStoreException rejection = new SessionStoreException(Reason.UNAVAILABLE,
          "This node looks up its maximum of " + MAX_LOOKUPS + " sessions; retry later");
      own.completeExceptionally(rejection);
      throw rejection;
    }
    try {
      boolean found = await(lookUp(id));
      own.complete(found);
      return found;
    } catch (SessionStoreException e) {
      own.completeExceptionally(e);
      throw e;
    } finally {
      lookups.release();
      lookupsInFlight.remove(id);
    }
  }

  /**
   * Asks all peers for the sessions of a user.
   *
   * @throws SessionStoreException if a peer does not respond, because it may hold one
   */
  @Override
  public Collection<String> ofPrincipal(String principal) {
    if (peers.names().isEmpty()) {
      return List.of();
    }
    List<CompletableFuture<List<String>>> answers = peers.names().stream()
        .map(peer -> peers.find(peer, principal)).toList();
    CompletableFuture<Collection<String>> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answers.stream().flatMap(answer -> answer.join().stream()).toList());
    return await(all);
  }

  /** Returns the ids of the sessions of a user on this node. */
  List<String> find(String principal) {
    return sessions.idsOf(principal);
  }

  /**
   * Asks all peers again if the connection to one broke: a node that shuts down may have sent the session to a peer
   * that had already answered that it does not hold it.
   */
  private CompletableFuture<Boolean> lookUp(String id) {
    return askAll(id).exceptionallyCompose(
        failure -> Peers.isConnectionBroken(failure) ? askAll(id) : CompletableFuture.failedFuture(failure));
  }

  /** Completes with true as soon as a peer has sent the session, otherwise when all peers have responded. */
  private CompletableFuture<Boolean> askAll(String id) {
    CompletableFuture<Boolean> found = new CompletableFuture<>();
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (String peer : peers.names()) {
      answers.add(peers.lookUp(peer, id)
          .thenCompose(
              at -> at == null || at.equals(peers.self()) || !peers.knows(at)
                  ? CompletableFuture.completedFuture(at)
                  : peers.lookUp(at, id))
          .thenAccept(at -> {
            if (peers.self().equals(at)) {
              found.complete(true);
            } else if (at != null) {
              throw new CompletionException(new IOException("the session moved on while it was looked up"));
            }
          }));
    }
    CompletableFuture<Boolean> nowhere = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all -> false);
    return found.applyToEither(nowhere, Function.identity());
  }

  private <T> T await(CompletableFuture<T> found) {
    try {
      return found.get(lookupTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionStoreException(Reason.UNAVAILABLE, "Interrupted while the session was looked up", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new SessionStoreException(Reason.UNAVAILABLE,
          "A node that may hold the session does not respond; retry later", e);
    }
  }

  /** Moves sessions to a peer that asks for them. Returns the node of each session that this node knows. */
  Map<String, String> moveTo(String peer, List<String> ids) {
    if (!peers.knows(peer)) {
      return Map.of();
    }
    Set<String> moved = sessions.moveAway(ids, moving -> send(peer, moving));
    Map<String, String> nodes = new HashMap<>();
    for (String id : ids) {
      String node = moved.contains(id) ? peer : movedTo.get(id);
      if (node != null) {
        nodes.put(id, node);
      }
    }
    return nodes;
  }

  /** Stores sessions that a peer sends. Returns the ids of those accepted, or null if this node shuts down itself. */
  @Nullable
  Set<String> receive(List<MovingSession> moving) {
    if (shuttingDown) {
      return null;
    }
    Set<String> taken = new HashSet<>();
    for (MovingSession session : moving) {
      if (sessions.accept(session)) {
        movedTo.remove(session.id());
        taken.add(session.id());
      }
    }
    return taken;
  }

  private Set<String> send(String peer, List<MovingSession> moving) {
    if (moving.isEmpty()) {
      return Set.of();
    }
    try {
      Set<String> taken = peers.transfer(peer, moving);
      taken.forEach(id -> movedTo.put(id, peer));
      return taken;
    } catch (IOException e) {
      log.warn("Cannot send {} sessions to {}: {}", moving.size(), peer, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Set.of();
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    shuttingDown = true;
  }

  /** Sends each peer one request, so that the first real lookup does not wait for class loading. */
  @Override
  public void start() {
    running = true;
    Thread.ofVirtual().name("handover-warm-up").start(() -> {
      for (String peer : peers.names()) {
        try {
          peers.lookUp(peer, UNUSED_ID).get(lookupTimeout.toMillis(), TimeUnit.MILLISECONDS);
          peers.transfer(peer, List.of());
        } catch (IOException | ExecutionException | TimeoutException e) {
          log.debug("Peer {} is not up yet: {}", peer, e.toString());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    });
  }

  /** Sends all sessions away, about the same number to each peer. */
  @Override
  public void stop() {
    running = false;
    shuttingDown = true;
    List<String> held = sessions.ids();
    List<String> names = peers.names();
    if (held.isEmpty() || names.isEmpty()) {
      return;
    }
    AtomicInteger moved = new AtomicInteger();
    List<Callable<Void>> batches = new ArrayList<>();
    for (int from = 0; from < held.size(); from += BATCH_SIZE) {
      List<String> batch = held.subList(from, Math.min(from + BATCH_SIZE, held.size()));
      int first = batches.size();
      batches.add(() -> {
        moved.addAndGet(sessions.moveAway(batch, moving -> sendToAny(names, first, moving)).size());
        return null;
      });
    }
    try (ExecutorService workers = Executors.newFixedThreadPool(MAX_BATCHES_IN_FLIGHT, Thread.ofVirtual().factory())) {
      workers.invokeAll(batches, shutdownTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.info("Shutdown: {} of {} sessions moved to other nodes", moved.get(), held.size());
  }

  private Set<String> sendToAny(List<String> names, int first, List<MovingSession> moving) {
    Set<String> taken = new HashSet<>();
    for (int offset = 0; offset < names.size() && taken.size() < moving.size(); offset++) {
      String peer = names.get((first + offset) % names.size());
      taken.addAll(send(peer, moving.stream().filter(session -> !taken.contains(session.id())).toList()));
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
