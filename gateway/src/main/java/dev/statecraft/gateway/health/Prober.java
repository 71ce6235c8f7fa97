package dev.statecraft.gateway.health;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Probes the readiness of nodes at a fixed interval. A node has at most one probe in flight. A probe that was not
 * answered while the gateway itself was held up has no result: the answer may wait in the socket. Thread-safe.
 */
public final class Prober implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Prober.class);
  private static final int MIN_READY_STATUS = 200;
  private static final int MAX_READY_STATUS = 299;

  /** If the timer fires later than this, the event loop was held up. */
  private static final Duration MAX_LATENESS = Duration.ofMillis(100);

  private final String path;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Set<ProbeTarget> inFlight = ConcurrentHashMap.newKeySet();
  private final Map<ProbeTarget, String> tlsProblems = new ConcurrentHashMap<>();
  private final Sinks.Empty<Void> closed = Sinks.empty();
  private final Disposable rounds;

  /**
   * Starts probing.
   *
   * @param path readiness endpoint of a node
   * @param interval from one round to the next
   * @param timeout of one probe
   * @param nodes read at each round
   * @param nanoTime the clock of {@link System#nanoTime()}
   */
  public Prober(String path, Duration interval, Duration timeout,
      Supplier<? extends Collection<? extends ProbeTarget>> nodes, LongSupplier nanoTime) {
    this.path = path;
    this.timeout = timeout;
    this.nanoTime = nanoTime;
    this.rounds = Flux.interval(interval).onBackpressureDrop().subscribe(round -> {
      Collection<? extends ProbeTarget> current = nodes.get();
      tlsProblems.keySet().retainAll(current);
      current.forEach(this::probe);
    });
  }

  /** Probes one node now, unless a probe of it is in flight. */
  public void probe(ProbeTarget node) {
    if (!rounds.isDisposed() && inFlight.add(node)) {
      Mono.defer(() -> send(node)).takeUntilOther(closed.asMono()).doFinally(signal -> inFlight.remove(node))
          .subscribe(result -> node.health().probed(result), error -> {
            // While the gateway stops, the event loops may end before the last probes do.
            if (!rounds.isDisposed()) {
              log.warn("Probe of {} failed in the gateway: {}", node.getUri(), error.toString());
            }
          });
    }
  }

  private Mono<ProbeResult> send(ProbeTarget node) {
    long due = nanoTime.getAsLong() + timeout.toNanos();
    return node.probeClient().get().uri(path).response().map(response -> {
      int status = response.status().code();
      return status >= MIN_READY_STATUS && status <= MAX_READY_STATUS ? ProbeResult.READY : ProbeResult.NOT_READY;
    }).doOnNext(result -> tlsProblems.remove(node))
        .timeout(Mono.delay(timeout, node.probeTimer()), Mono.fromSupplier(() -> unanswered(due))).onErrorResume(
            error -> error instanceof IOException || FailureCause.isTls(error),
            error -> Mono.just(failed(node, error)));
  }

  private ProbeResult failed(ProbeTarget node, Throwable error) {
    if (FailureCause.isTls(error)) {
      logTlsProblem(node, error);
    }
    return FailureCause.ofConnect(error) == FailureCause.REFUSED ? ProbeResult.REFUSED : ProbeResult.SILENT;
  }

  /** Logs each problem of a node once, until a probe is answered. */
  private void logTlsProblem(ProbeTarget node, Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String problem = root.getClass().getSimpleName() + ": " + root.getMessage();
    if (!problem.equals(tlsProblems.put(node, problem))) {
      log.warn("TLS to node {} failed: {}. Check the certificate of the node, and ssl.bundle of its service",
          node.getUri(), problem);
    }
  }

  private @Nullable ProbeResult unanswered(long due) {
    return nanoTime.getAsLong() - due > MAX_LATENESS.toNanos() ? null : ProbeResult.SILENT;
  }

  /** Stops the rounds and cancels the probes in flight. */
  @Override
  public void close() {
    rounds.dispose();
    var _ = closed.tryEmitEmpty();
  }
}
