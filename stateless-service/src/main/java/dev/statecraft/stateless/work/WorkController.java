package dev.statecraft.stateless.work;

import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.service.work.WorkProperties;
import dev.statecraft.service.work.WorkProperties.Work;
import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.ClientConnections;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Does the work that a request asks for: the same load under each concurrency model. */
@RestController
class WorkController {
  private final NodeProperties node;
  private final WorkProperties properties;
  private final CpuPermits permits;
  private final ClientConnections clients;
  private final CancelledRequests cancelled;

  WorkController(NodeProperties node, WorkProperties properties, CpuPermits permits, ClientConnections clients,
      CancelledRequests cancelled) {
    this.node = node;
    this.properties = properties;
    this.permits = permits;
    this.clients = clients;
    this.cancelled = cancelled;
  }

  /**
   * Burns CPU time, then blocks its thread, as while waiting for a database. Both end when the client disconnects or
   * the deadline passes.
   */
  @GetMapping("/work")
  Work work(@RequestParam(defaultValue = "0") int cpu, @RequestParam(defaultValue = "0") int wait,
      @RequestHeader HttpHeaders headers) throws InterruptedException {
    Work work = properties.workFor(node.node(), cpu, wait);
    Deadline deadline = Deadline.of(headers, node.deadline());
    try (ClientConnection client = clients.current()) {
      run(work, client, deadline);
    }
    return work;
  }

  private void run(Work work, ClientConnection client, Deadline deadline) throws InterruptedException {
    boolean burned = permits.burn(work.cpuMillis(), deadline, client::isDisconnected);
    long waitNanos = TimeUnit.MILLISECONDS.toNanos(work.waitMillis());
    if (burned && !client.awaitDisconnect(Math.min(waitNanos, deadline.remainingNanos())) && !deadline.hasPassed()) {
      return;
    }
    throw client.isDisconnected() ? cancelled.countedException() : Deadline.exceededBefore("the work was done");
  }
}
