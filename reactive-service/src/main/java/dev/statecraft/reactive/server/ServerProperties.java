package dev.statecraft.reactive.server;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The event loops, and the limits within which they serve.
 *
 * @param acceptors number of event loops, each with its own listening socket if the system supports it
 * @param maximumConnections largest number of open connections; further ones wait in the backlog
 * @param backlog number of connections that the kernel queues for each listening socket
 * @param maximumRequests largest number of concurrent requests; further ones get a 503
 * @param stallTimeOut the longest time that a read of a body or a write waits for the client
 */
@ConfigurationProperties("statecraft")
record ServerProperties(int acceptors, int maximumConnections, int backlog, int maximumRequests,
    Duration stallTimeOut) {
  private static final int MAX_ACCEPTORS = 256;

  ServerProperties {
    if (acceptors < 1 || acceptors > MAX_ACCEPTORS) {
      throw new IllegalArgumentException("statecraft.acceptors must be from 1 to " + MAX_ACCEPTORS);
    }
    if (maximumConnections < 1 || backlog < 1 || maximumRequests < 1) {
      throw new IllegalArgumentException(
          "statecraft.maximum-connections, backlog and maximum-requests must be at least 1");
    }
    if (stallTimeOut.toMillis() < 1) {
      throw new IllegalArgumentException("statecraft.stall-time-out must be at least 1ms");
    }
  }
}
