package dev.statecraft.stateless.fanout;

import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.fanout.FanoutProperties;
import dev.statecraft.service.fanout.FanoutResult;
import dev.statecraft.service.fanout.FanoutResult.TargetAnswer;
import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.stateless.call.OutboundHttp;
import dev.statecraft.stateless.client.ClientConnection;
import dev.statecraft.stateless.client.ClientConnections;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Calls the services of {@code statecraft.fanout.targets}, and answers when all have answered. */
@RestController
class FanoutController {
  private final NodeProperties node;
  private final FanoutProperties properties;
  private final OutboundHttp http;
  private final ClientConnections clients;
  private final CancelledRequests cancelled;

  FanoutController(NodeProperties node, FanoutProperties properties, OutboundHttp http, ClientConnections clients,
      CancelledRequests cancelled) {
    this.node = node;
    this.properties = properties;
    this.http = http;
    this.clients = clients;
    this.cancelled = cancelled;
  }

  /**
   * Calls all targets: {@code mode=sequential}, or {@code mode=parallel} with {@code with=threads} or
   * {@code with=virtual-threads}. Passes on the deadline. The other calls end at the first failure and when the client
   * disconnects.
   */
  @GetMapping("/fanout")
  FanoutResult fanout(@RequestParam String mode, @RequestParam(defaultValue = "virtual-threads") String with,
      @RequestHeader HttpHeaders headers) throws InterruptedException {
    Composition composition = composition(mode, with);
    Deadline deadline = Deadline.of(headers, node.deadline());
    List<URI> targets = properties.requireTargets();
    try (ClientConnection client = clients.current()) {
      try {
        return new FanoutResult(mode, composition.run(callsTo(targets, deadline, client)));
      } catch (ResponseStatusException e) {
        throw client.isDisconnected() ? cancelled.countedException() : e;
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

  private List<Composition.Call<TargetAnswer>> callsTo(List<URI> targets, Deadline deadline, ClientConnection client) {
    List<Composition.Call<TargetAnswer>> calls = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      int number = i + 1;
      URI target = targets.get(i);
      calls.add(() -> call(number, target, deadline, client));
    }
    return calls;
  }

  private TargetAnswer call(int number, URI target, Deadline deadline, ClientConnection client)
      throws InterruptedException {
    HttpResponse<byte[]> response = http.send(HttpRequest.newBuilder(target).GET(), deadline, client);
    return TargetAnswer.of(number, response.statusCode(),
        response.headers().firstValue(NodeProperties.SERVED_BY_HEADER).orElse(null));
  }
}
