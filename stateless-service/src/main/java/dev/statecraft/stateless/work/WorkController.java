package dev.statecraft.stateless.work;

import dev.statecraft.stateless.NodeProperties;
import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.ClientConnections;
import dev.statecraft.stateless.client.CancelledWork;
import dev.statecraft.stateless.client.Deadline;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Works as long as it is told: the same load for every concurrency model. */
@RestController
class WorkController {
  private final NodeProperties node;
  private final WorkProperties properties;
  private final CpuPermits turns;
  private final ClientConnections callers;
  private final CancelledWork cancelled;

  WorkController(NodeProperties node, WorkProperties properties, CpuPermits turns, ClientConnections callers,
      CancelledWork cancelled) {
    this.node = node;
    this.properties = properties;
    this.turns = turns;
    this.callers = callers;
    this.cancelled = cancelled;
  }

  /**
   * Burns CPU time, then waits as for a database: blocked, and at no cost but the thread's. Both end when the client
   * leaves or its deadline passes.
   */
  @GetMapping("/work")
  Work work(@RequestParam(defaultValue = "0") int cpu, @RequestParam(defaultValue = "0") int wait,
      @RequestHeader(name = Deadline.HEADER, required = false) @Nullable String deadline) throws InterruptedException {
    long longest = properties.longest().toMillis();
    if (cpu < 0 || wait < 0 || cpu > longest || wait > longest) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
          "cpu and wait must be milliseconds between 0 and " + longest + ".");
    }
    Work work = new Work(node.node(), cpu * properties.slowdown(), wait * properties.slowdown());
    try (ClientConnection caller = callers.current()) {
      work(work, caller, Deadline.of(deadline, node.deadline()));
    }
    return work;
  }

  private void work(Work work, ClientConnection caller, Deadline deadline) throws InterruptedException {
    boolean burnt = turns.burn(work.cpuMillis(), deadline, caller::left);
    long wait = TimeUnit.MILLISECONDS.toNanos(work.waitMillis());
    if (burnt && !caller.awaitDeparture(Math.min(wait, deadline.leftNanos())) && !deadline.passed()) {
      return;
    }
    if (caller.left()) {
      throw cancelled.count();
    }
    throw new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT, "The deadline passed before the work was done.");
  }

  record Work(String node, int cpuMillis, int waitMillis) {}
}
