package dev.statecraft.service.work;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Limits of {@code GET /work}.
 *
 * @param longest the most CPU time, and the most waiting time, that a client can ask for
 * @param slowdown factor by which this node takes longer than asked, to stand for weaker hardware; 1 for none
 */
@ConfigurationProperties("statecraft.work")
public record WorkProperties(Duration longest, int slowdown) {
  private static final int MAX_SLOWDOWN = 1000;

  /** Checks the values. */
  public WorkProperties {
    if (longest.toMillis() < 1 || longest.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("statecraft.work.longest must be from 1ms to " + Integer.MAX_VALUE + "ms");
    }
    if (slowdown < 1 || slowdown > MAX_SLOWDOWN) {
      throw new IllegalArgumentException("statecraft.work.slowdown must be from 1 to " + MAX_SLOWDOWN);
    }
  }

  /**
   * Returns the work that a request asks for, multiplied by the slowdown of this node.
   *
   * @param node name of this node
   * @param cpu CPU time in milliseconds
   * @param wait waiting time in milliseconds
   * @throws ResponseStatusException 400 if one of them is out of range
   */
  public Work workFor(String node, int cpu, int wait) {
    long max = longest.toMillis();
    if (cpu < 0 || wait < 0 || cpu > max || wait > max) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
          "cpu and wait must be from 0 to " + max + " milliseconds.");
    }
    return new Work(node, cpu * slowdown, wait * slowdown);
  }

  /** The work of one request, and the answer to it. */
  public record Work(String node, int cpuMillis, int waitMillis) {}
}
