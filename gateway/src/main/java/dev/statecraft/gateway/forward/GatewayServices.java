package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.metrics.GatewayMetrics;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * What requests of all routes share.
 *
 * @param timer for time-outs
 * @param nanoTime the clock of {@link System#nanoTime()}
 */
public record GatewayServices(GatewayMetrics metrics, JsonMapper json, TrustedProxies proxies, Scheduler timer,
    LongSupplier nanoTime) {}
