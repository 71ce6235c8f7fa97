package dev.statecraft.reactive.work;

import dev.statecraft.reactive.NodeProperties;
import dev.statecraft.reactive.client.CancelledWork;
import dev.statecraft.reactive.client.Deadline;
import dev.statecraft.reactive.server.ServingLoops;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Works as long as it is told: the same load as the stateless service's. */
@RestController
class WorkController {
  private final NodeProperties node;
  private final WorkProperties properties;
  private final CpuPool processors;
  private final CancelledWork cancelled;
  private final ServingLoops loops;

  WorkController(NodeProperties node, WorkProperties properties, CpuPool processors, CancelledWork cancelled,
      ServingLoops loops) {
    this.node = node;
    this.properties = properties;
    this.processors = processors;
    this.cancelled = cancelled;
    this.loops = loops;
  }

  /**
   * Burns CPU time, off the event loop, then waits as for a database: a timer, and no thread at all. Both end when the
   * client leaves or its deadline passes.
   */
  @GetMapping("/work")
  Mono<Work> work(@RequestParam(defaultValue = "0") int cpu, @RequestParam(defaultValue = "0") int wait,
      @RequestHeader(name = Deadline.HEADER, required = false) @Nullable String deadline, ServerHttpRequest request) {
    long longest = properties.longest().toMillis();
    if (cpu < 0 || wait < 0 || cpu > longest || wait > longest) {
      return Mono.error(new ResponseStatusException(HttpStatus.BAD_REQUEST,
          "cpu and wait must be milliseconds between 0 and " + longest + "."));
    }
    Work work = new Work(node.node(), cpu * properties.slowdown(), wait * properties.slowdown());
    Mono<Void> burnt = cpu == 0 ? Mono.empty() : processors.burn(work.cpuMillis());
    Scheduler timers = loops.timers(request);
    Mono<Void> waited = wait == 0 ? Mono.empty() : Mono.delay(Duration.ofMillis(work.waitMillis()), timers).then();
    Duration left = Duration.ofNanos(Deadline.of(deadline, node.deadline()).leftNanos());
    return burnt.then(waited).thenReturn(work).timeout(left, timers)
        .onErrorMap(TimeoutException.class, _ -> new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT,
            "The deadline passed before the work was done."))
        .doOnCancel(cancelled::count);
  }

  record Work(String node, int cpuMillis, int waitMillis) {}
}
