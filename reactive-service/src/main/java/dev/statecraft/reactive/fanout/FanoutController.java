package dev.statecraft.reactive.fanout;

import dev.statecraft.reactive.call.OutboundHttp;
import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.deadline.Deadline;
import dev.statecraft.service.fanout.FanoutProperties;
import dev.statecraft.service.fanout.FanoutResult;
import dev.statecraft.service.fanout.FanoutResult.TargetAnswer;
import dev.statecraft.service.node.NodeProperties;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls the services of {@code statecraft.fanout.targets}, and answers when all have answered. */
@RestController
class FanoutController {
  private final NodeProperties node;
  private final FanoutProperties properties;
  private final OutboundHttp http;
  private final CancelledRequests cancelled;

  FanoutController(NodeProperties node, FanoutProperties properties, OutboundHttp http, CancelledRequests cancelled) {
    this.node = node;
    this.properties = properties;
    this.http = http;
    this.cancelled = cancelled;
  }

  /**
   * Calls all targets: {@code mode=sequential}, or {@code mode=parallel} by {@code Mono.zip}; no thread waits. Passes
   * on the deadline. The other calls end at the first failure and when the client disconnects.
   */
  @GetMapping("/fanout")
  Mono<FanoutResult> fanout(@RequestParam String mode, @RequestParam(defaultValue = "zip") String with,
      @RequestHeader HttpHeaders headers) {
    Deadline deadline = Deadline.of(headers, node.deadline());
    boolean parallel = switch (mode + " " + with) {
      case "sequential zip" -> false;
      case "parallel zip" -> true;
      default -> throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
          "mode must be sequential or parallel, and with must be zip.");
    };
    List<Mono<TargetAnswer>> calls = callsTo(properties.requireTargets(), deadline);
    Mono<List<TargetAnswer>> answers = parallel
        ? Mono.zip(calls, FanoutController::asList)
        : Flux.concat(calls).collectList();
    return OutboundHttp.limit(answers.map(all -> new FanoutResult(mode, all)), deadline).doOnCancel(cancelled::count);
  }

  private static List<TargetAnswer> asList(Object[] answers) {
    return Arrays.stream(answers).map(TargetAnswer.class::cast).toList();
  }

  private List<Mono<TargetAnswer>> callsTo(List<URI> targets, Deadline deadline) {
    List<Mono<TargetAnswer>> calls = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      int number = i + 1;
      URI target = targets.get(i);
      calls.add(http.send(client -> client.get().uri(target), deadline).map(response -> TargetAnswer.of(number,
          response.getStatusCode().value(), response.getHeaders().getFirst(NodeProperties.SERVED_BY_HEADER))));
    }
    return calls;
  }
}
