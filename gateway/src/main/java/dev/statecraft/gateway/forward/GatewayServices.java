package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.metrics.GatewayMetrics;
import dev.statecraft.gateway.resilience.MemoryBudget;
import dev.statecraft.gateway.websocket.WebSockets;
import java.util.function.LongSupplier;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * What requests of all routes share.
 *
 * @param memory for bodies of all requests
 * @param nanoTime the clock of {@link System#nanoTime()}
 */
public record GatewayServices(GatewayMetrics metrics, JsonMapper json, TrustedProxies proxies, MemoryBudget memory,
    WebSockets webSockets, LongSupplier nanoTime) {
  /** Counts a request that was not sent, and returns its answer. */
  GatewayProblem rejected(String route, String reason, String detail) {
    metrics.countRejected(route, reason);
    return new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, detail + " The request was not sent.", 1);
  }
}
