package dev.statecraft.stateless.fanout;

import dev.statecraft.stateless.NodeProperties;
import dev.statecraft.stateless.call.OutboundCallFailed;
import dev.statecraft.stateless.call.OutboundHttp;
import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.ClientConnections;
import dev.statecraft.stateless.client.CancelledWork;
import dev.statecraft.stateless.client.Deadline;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Calls the services that {@code statecraft.fanout.targets} names, and answers when all have answered. */
@RestController
class FanoutController {
  private final NodeProperties node;
  private final List<URI> targets;
  private final OutboundHttp calls;
  private final ClientConnections callers;
  private final CancelledWork cancelled;

  FanoutController(NodeProperties node, FanoutProperties properties, OutboundHttp calls, ClientConnections callers,
      CancelledWork cancelled) {
    this.node = node;
    this.targets = properties.targets();
    this.calls = calls;
    this.callers = callers;
    this.cancelled = cancelled;
  }

  /**
   * Calls all targets: {@code mode=sequential}, or {@code mode=parallel} with {@code with=threads} or
   * {@code with=virtual-threads}. The deadline flows down, the first failure ends the other calls, and so does a client
   * that leaves.
   */
  @GetMapping("/fanout")
  Fanout fanout(@RequestParam String mode, @RequestParam(defaultValue = "virtual-threads") String with,
      @RequestHeader(name = Deadline.HEADER, required = false) @Nullable String deadline) throws InterruptedException {
    Composition composition = composition(mode, with);
    Deadline until = Deadline.of(deadline, node.deadline());
    if (targets.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "statecraft.fanout.targets names no service.");
    }
    try (ClientConnection caller = callers.current()) {
      try {
        return new Fanout(mode, composition.make(callsTo(targets, until, caller)));
      } catch (OutboundCallFailed e) {
        throw caller.left() ? cancelled.count() : new ResponseStatusException(e.status(), e.getMessage());
      }
    }
  }

  private static Composition composition(String mode, String with) {
    return switch (mode + " " + with) {
      case "sequential threads", "sequential virtual-threads" -> new Composition.Sequential();
      case "parallel threads" -> new Composition.Parallel(Thread.ofPlatform().name("fanout-", 0).daemon().factory());
      case "parallel virtual-threads" -> new Composition.Parallel(Thread.ofVirtual().name("fanout-", 0).factory());
      default -> throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
          "mode must be sequential or parallel, and with must be threads or virtual-threads.");
    };
  }

  private List<Composition.Call<Answered>> callsTo(List<URI> targets, Deadline deadline, ClientConnection caller) {
    List<Composition.Call<Answered>> composed = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      int number = i + 1;
      URI target = targets.get(i);
      composed.add(() -> ask(number, target, deadline, caller));
    }
    return composed;
  }

  private Answered ask(int number, URI target, Deadline deadline, ClientConnection caller)
      throws OutboundCallFailed, InterruptedException {
    OutboundHttp.Answer answer = calls.make(HttpRequest.newBuilder(target).GET(), deadline, caller);
    if (answer.status() != HttpStatus.OK.value()) {
      throw new OutboundCallFailed(HttpStatus.BAD_GATEWAY, "Target " + number + " answered " + answer.status() + ".");
    }
    return new Answered(number, answer.headers().firstValue("X-Served-By").orElse(""));
  }

  record Fanout(String mode, List<Answered> answers) {}

  /** One answer: the target's number from 1, and the name of the node that answered, empty when it told none. */
  record Answered(int target, String node) {}
}
