package dev.statecraft.gateway.health;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks the readiness of nodes, each at a fixed interval and never twice at a time. Thread-safe.
 */
public final class Prober implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
  private static final int FIRST_GOOD_STATUS = 200;
  private static final int FIRST_REDIRECTION = 300;

  private final String path;
  private final Duration timeout;
  private final Set<Probed> underWay = ConcurrentHashMap.newKeySet();
  private final Disposable ticks;

  /**
   * Starts probing.
   *
   * @param path readiness of a node
   * @param interval from one round to the next
   * @param timeout for one probe
   * @param nodes asked for at each round
   */
  public Prober(String path, Duration interval, Duration timeout,
      Supplier<? extends Collection<? extends Probed>> nodes) {
    this.path = path;
    this.timeout = timeout;
    this.ticks = Flux.interval(interval).onBackpressureDrop().subscribe(tick -> nodes.get().forEach(this::probe));
  }

  /** Asks one node now, unless it is being asked. */
  public void probe(Probed node) {
    if (!ticks.isDisposed() && underWay.add(node)) {
      Mono.defer(() -> ask(node)).doFinally(signal -> underWay.remove(node)).subscribe(
          answer -> node.health().probed(answer),
          error -> {
            // While the gateway stops, the event loops end under the last probes.
            if (!ticks.isDisposed()) {
              LOG.warn("Cannot probe {}: {}", node.getUri(), error.toString());
            }
          });
    }
  }

  private Mono<ProbeAnswer> ask(Probed node) {
    return node.probeClient().get().uri(path).response().map(response -> {
      int status = response.status().code();
      return status >= FIRST_GOOD_STATUS && status < FIRST_REDIRECTION ? ProbeAnswer.READY : ProbeAnswer.NOT_READY;
    }).timeout(timeout, Mono.just(ProbeAnswer.SILENT)).onErrorResume(IOException.class,
        error -> Mono.just(Cause.ofConnect(error) == Cause.REFUSED ? ProbeAnswer.REFUSED : ProbeAnswer.SILENT));
  }

  @Override
  public void close() {
    ticks.dispose();
  }
}
