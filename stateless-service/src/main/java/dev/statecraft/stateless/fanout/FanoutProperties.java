package dev.statecraft.stateless.fanout;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whom {@code GET /fanout} calls.
 *
 * @param targets the URLs, in order; none of them may lead back here, for each call would call them all again
 */
@ConfigurationProperties("statecraft.fanout")
record FanoutProperties(@DefaultValue List<URI> targets) {
  private static final int MOST_TARGETS = 16;

  FanoutProperties {
    targets = List.copyOf(targets);
    if (targets.size() > MOST_TARGETS) {
      throw new IllegalArgumentException("statecraft.fanout.targets must be " + MOST_TARGETS + " at most");
    }
    for (URI target : targets) {
      if (target.getHost() == null || target.getScheme() == null || !target.getScheme().matches("https?")) {
        throw new IllegalArgumentException("statecraft.fanout.targets must be URLs of http or https: " + target);
      }
    }
  }
}
