package dev.statecraft.reactive.work;

import dev.statecraft.reactive.server.RequestEventLoops;
import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.service.work.WorkProperties;
import dev.statecraft.service.work.WorkProperties.Work;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Does the work that a request asks for: the same load as in the stateless service. */
@RestController
class WorkController {
  private final NodeProperties node;
  private final WorkProperties properties;
  private final CpuPool cpuPool;
  private final CancelledRequests cancelled;
  private final RequestEventLoops loops;

  WorkController(NodeProperties node, WorkProperties properties, CpuPool cpuPool, CancelledRequests cancelled,
      RequestEventLoops loops) {
    this.node = node;
    this.properties = properties;
    this.cpuPool = cpuPool;
    this.cancelled = cancelled;
    this.loops = loops;
  }

  /**
   * Burns CPU time outside the event loop, then waits on a timer, as for a database. Both end when the client
   * disconnects or the deadline passes.
   */
  @GetMapping("/work")
  Mono<Work> work(@RequestParam(defaultValue = "0") int cpu, @RequestParam(defaultValue = "0") int wait,
      ServerHttpRequest request) {
    Work work = properties.workFor(node.node(), cpu, wait);
    Deadline deadline = Deadline.of(request.getHeaders(), node.deadline());
    Scheduler timers = loops.timers(request);
    Mono<Void> burned = cpu == 0 ? Mono.empty() : cpuPool.burn(work.cpuMillis());
    Mono<Void> waited = wait == 0 ? Mono.empty() : Mono.delay(Duration.ofMillis(work.waitMillis()), timers).then();
    return burned.then(waited).thenReturn(work).timeout(deadline.remaining(), timers)
        .onErrorMap(TimeoutException.class, _ -> Deadline.exceededBefore("the work was done"))
        .doOnCancel(cancelled::count);
  }
}
