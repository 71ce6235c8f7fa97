package dev.statecraft.gateway.route;

import dev.statecraft.gateway.client.TrustedProxies;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every request needs and no route owns.
 *
 * @param timer for time-outs
 * @param nanoTime the clock of {@link System#nanoTime()}
 */
record GatewayServices(GatewayMetrics metrics, JsonMapper json, TrustedProxies proxies, Scheduler timer,
    LongSupplier nanoTime) {}
