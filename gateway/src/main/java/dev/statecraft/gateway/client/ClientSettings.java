package dev.statecraft.gateway.client;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code statecraft.gateway.client}: limits of size and time for what clients send.
 *
 * @param trustedProxies blocks of addresses whose {@code X-Forwarded-*}, {@code Forwarded} and
 * {@code X-Deadline-Millis} headers are used
 * @param headTimeout from the first byte of a request to the end of its head
 * @param bodyTimeout without a byte of a request's body, while the gateway waits for it
 * @param writeTimeout in which a client reads nothing of a response that waits for it
 * @param idleTimeout from the end of a response to the first byte of the next request
 * @param maximumBody maximum size of a request's body
 * @param maximumHeaders maximum number of a request's header fields
 * @param maximumConnections of all clients together; 0 for as many as the memory allows
 * @param maximumBuffered bytes of bodies in memory, of all requests together; 0 for a twelfth of the heap
 * @param ipv6Prefix bits of an IPv6 address that identify a client
 */
public record ClientSettings(@DefaultValue List<String> trustedProxies, @DefaultValue("10s") Duration headTimeout,
    @DefaultValue("30s") Duration bodyTimeout, @DefaultValue("30s") Duration writeTimeout,
    @DefaultValue("60s") Duration idleTimeout, @DefaultValue("10MB") DataSize maximumBody,
    @DefaultValue("100") int maximumHeaders, @DefaultValue("0") int maximumConnections,
    @DefaultValue("0") DataSize maximumBuffered, @DefaultValue("64") int ipv6Prefix) {
  /** Returns the maximum number of client connections. */
  public int connectionLimit() {
    return maximumConnections > 0 ? maximumConnections : MemoryShares.ofThisJvm().connections();
  }

  /** Returns the maximum number of body bytes in memory. */
  public long bufferLimit() {
    return maximumBuffered.toBytes() > 0 ? maximumBuffered.toBytes() : MemoryShares.ofThisJvm().bodyBytes();
  }
}
