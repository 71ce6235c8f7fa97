package dev.statecraft.gateway.client;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code statecraft.gateway.client}: limits of size and time for what clients send.
 *
 * @param trustedProxies blocks of addresses whose {@code X-Forwarded-*} and {@code Forwarded} headers are used
 * @param headTimeout from the first byte of a request to the end of its head
 * @param bodyTimeout from there to the end of its body
 * @param idleTimeout from the end of a response to the first byte of the next request
 * @param maximumBody maximum size of a request's body
 * @param maximumHeaders maximum number of a request's header fields
 */
public record ClientSettings(@DefaultValue List<String> trustedProxies, @DefaultValue("10s") Duration headTimeout,
    @DefaultValue("30s") Duration bodyTimeout, @DefaultValue("60s") Duration idleTimeout,
    @DefaultValue("10MB") DataSize maximumBody, @DefaultValue("100") int maximumHeaders) {}
