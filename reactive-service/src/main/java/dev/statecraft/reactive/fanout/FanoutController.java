package dev.statecraft.reactive.fanout;

import dev.statecraft.reactive.NodeProperties;
import dev.statecraft.reactive.call.OutboundHttp;
import dev.statecraft.reactive.client.CancelledWork;
import dev.statecraft.reactive.client.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls the services that {@code statecraft.fanout.targets} names, and answers when all have answered. */
@RestController
class FanoutController {
  private final NodeProperties node;
  private final List<URI> targets;
  private final OutboundHttp calls;
  private final CancelledWork cancelled;

  FanoutController(NodeProperties node, FanoutProperties properties, OutboundHttp calls, CancelledWork cancelled) {
    this.node = node;
    this.targets = properties.targets();
    this.calls = calls;
    this.cancelled = cancelled;
  }

  /**
   * Calls all targets: {@code mode=sequential}, or {@code mode=parallel} by {@code Mono.zip}, either way with no thread
   * that waits. The deadline flows down, the first failure ends the other calls, and so does a client that leaves.
   */
  @GetMapping("/fanout")
  Mono<Fanout> fanout(@RequestParam String mode, @RequestParam(defaultValue = "zip") String with,
      @RequestHeader(name = Deadline.HEADER, required = false) @Nullable String deadline) {
    Deadline until = Deadline.of(deadline, node.deadline());
    Mono<List<Answered>> answers = switch (mode + " " + with) {
      case "sequential zip" -> Flux.concat(callsToAll(until)).collectList();
      case "parallel zip" -> Mono.zip(callsToAll(until), FanoutController::together);
      default -> throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
          "mode must be sequential or parallel, and with must be zip.");
    };
    if (targets.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "statecraft.fanout.targets names no service.");
    }
    return answers.map(all -> new Fanout(mode, all)).timeout(Duration.ofNanos(until.leftNanos()))
        .onErrorMap(TimeoutException.class, _ -> OutboundHttp.late()).doOnCancel(cancelled::count);
  }

  private static List<Answered> together(Object[] answers) {
    return Arrays.stream(answers).map(Answered.class::cast).toList();
  }

  private List<Mono<Answered>> callsToAll(Deadline deadline) {
    List<Mono<Answered>> composed = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      int number = i + 1;
      URI target = targets.get(i);
      composed.add(calls.make(client -> client.get().uri(target), deadline).map(answer -> judge(number, answer)));
    }
    return composed;
  }

  private static Answered judge(int number, ResponseEntity<byte[]> answer) {
    if (!answer.getStatusCode().isSameCodeAs(HttpStatus.OK)) {
      throw new ResponseStatusException(HttpStatus.BAD_GATEWAY,
          "Target " + number + " answered " + answer.getStatusCode().value() + ".");
    }
    return new Answered(number, Objects.requireNonNullElse(answer.getHeaders().getFirst("X-Served-By"), ""));
  }

  record Fanout(String mode, List<Answered> answers) {}

  /** One answer: the target's number from 1, and the name of the node that answered, empty when it told none. */
  record Answered(int target, String node) {}
}
