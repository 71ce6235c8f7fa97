package dev.statecraft.reactive.server;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The event loops, and the limits within which they serve.
 *
 * @param acceptors how many event loops there are, each with a listening socket of its own where the system allows it
 * @param maximumConnections how many connections are open at once; further ones wait in the backlog
 * @param backlog how many connections the system keeps for the service to accept, for each listening socket
 * @param maximumRequests how many requests are under way at once; further ones are answered 503
 * @param stallTimeOut the longest that a read of a body or a write waits for a client that stalls
 */
@ConfigurationProperties("statecraft")
record ServerProperties(int acceptors, int maximumConnections, int backlog, int maximumRequests,
    Duration stallTimeOut) {
  private static final int MOST_ACCEPTORS = 256;

  ServerProperties {
    if (acceptors < 1 || acceptors > MOST_ACCEPTORS) {
      throw new IllegalArgumentException("statecraft.acceptors must be between 1 and " + MOST_ACCEPTORS);
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
