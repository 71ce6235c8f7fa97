package dev.statecraft.service.fanout;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Services that {@code GET /fanout} calls.
 *
 * @param targets their URLs, in order; none may lead back to this service, because each call would call them all again
 */
@ConfigurationProperties("statecraft.fanout")
public record FanoutProperties(@DefaultValue List<URI> targets) {
  private static final int MAX_TARGETS = 16;

  /** Checks the URLs. */
  public FanoutProperties {
    targets = List.copyOf(targets);
    if (targets.size() > MAX_TARGETS) {
      throw new IllegalArgumentException("statecraft.fanout.targets must have at most " + MAX_TARGETS + " URLs");
    }
    for (URI target : targets) {
      if (target.getHost() == null || target.getScheme() == null || !target.getScheme().matches("https?")) {
        throw new IllegalArgumentException("statecraft.fanout.targets must be http or https URLs: " + target);
      }
    }
  }

  /**
   * Returns the URLs.
   *
   * @throws ResponseStatusException 503 if there are none
   */
  public List<URI> requireTargets() {
    if (targets.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "statecraft.fanout.targets is empty.");
    }
    return targets;
  }
}
