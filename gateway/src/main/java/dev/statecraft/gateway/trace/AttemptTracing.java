package dev.statecraft.gateway.trace;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;

/**
 * Makes a client span for each attempt of a request at a node, below the server span of the request. The attributes are
 * those of OpenTelemetry's semantic conventions for HTTP, and those of Spring Cloud Gateway. Thread-safe.
 */
public final class AttemptTracing {
  /** Makes no spans. */
  public static final AttemptTracing OFF = new AttemptTracing(ObservationRegistry.NOOP, List.of());

  /** Name of the observation. The gateway exports no metric of this name, because it counts attempts itself. */
  static final String NAME = "statecraft.gateway.attempt";
  private static final String ROUTE = "spring.cloud.gateway.route.id";

  private final ObservationRegistry registry;
  private final List<String> fields;

  /**
   * Makes the tracing of attempts.
   *
   * @param fields names of the header fields that carry the context of a trace
   */
  AttemptTracing(ObservationRegistry registry, List<String> fields) {
    this.registry = registry;
    this.fields = List.copyOf(fields);
  }

  /**
   * Starts the span of an attempt.
   *
   * @param target path and query for the node
   * @param number of the attempt, from 1
   */
  public AttemptSpan start(ServerWebExchange exchange, String method, String target, ServiceInstance node, int number) {
    if (registry.isNoop()) {
      return AttemptSpan.NONE;
    }
    AttemptContext context = new AttemptContext();
    String route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR) instanceof Route known
        ? known.getId()
        : "none";
    ServerRequestObservationContext.findCurrent(exchange.getAttributes()).ifPresent(request -> {
      request.addLowCardinalityKeyValue(KeyValue.of(ROUTE, route));
      context.setParentObservation(() -> request);
    });
    Observation observation = Observation.createNotStarted(NAME, () -> context, registry).contextualName(method)
        .lowCardinalityKeyValue("http.request.method", method).lowCardinalityKeyValue(ROUTE, route)
        .lowCardinalityKeyValue("statecraft.node", String.valueOf(node.getInstanceId()))
        .lowCardinalityKeyValue("server.address", node.getHost())
        .lowCardinalityKeyValue("server.port", Integer.toString(node.getPort()))
        .highCardinalityKeyValue("url.full", node.getUri() + path(target));
    if (number > 1) {
      observation.lowCardinalityKeyValue("http.request.resend_count", Integer.toString(number - 1));
    }
    return new AttemptSpan(observation.start(), context, fields);
  }

  /** Returns the path without query and session id, which may be secrets. */
  private static String path(String target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) == '?' || target.charAt(i) == ';') {
        return target.substring(0, i);
      }
    }
    return target;
  }
}
