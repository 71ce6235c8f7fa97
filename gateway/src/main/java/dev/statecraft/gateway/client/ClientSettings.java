package dev.statecraft.gateway.client;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code statecraft.gateway.client}: what a client may send, and how slowly.
 *
 * @param trustedProxies blocks of addresses whose {@code X-Forwarded-*} and {@code Forwarded} are believed
 * @param headTimeout from the first byte of a request to the end of its head
 * @param bodyTimeout from there to the end of its body
 * @param idleTimeout from the end of a response to the first byte of the next request
 * @param maximumBody largest body of a request
 * @param maximumHeaders most header fields of a request
 */
public record ClientSettings(@DefaultValue List<String> trustedProxies, @DefaultValue("10s") Duration headTimeout,
    @DefaultValue("30s") Duration bodyTimeout, @DefaultValue("60s") Duration idleTimeout,
    @DefaultValue("10MB") DataSize maximumBody, @DefaultValue("100") int maximumHeaders) {}
