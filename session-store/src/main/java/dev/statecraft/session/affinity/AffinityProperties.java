package dev.statecraft.session.affinity;

import dev.statecraft.session.InvalidSettingException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the strategy {@code affinity}.
 *
 * @param maximumSessions how many live sessions this node holds; a login beyond it is refused (503), because evicting a
 * live session would silently log somebody else out
 * @param peers all nodes, the same on each, as {@code name=http://host:port}: a node that ends in good order hands its
 * sessions to them, and a node asks them for a session that it misses. Needs {@code statecraft.session.keys}.
 * Guarantee: a graceful end loses no session while a peer lives. Anomaly: a request that finds its session on the move
 * is refused (503, or 409 where it had begun before); one whose peer is there but silent, or has a clock that is 30 s
 * off, too. None: every end loses its sessions
 * @param handover how long to try
 */
@ConfigurationProperties("statecraft.session.affinity")
record AffinityProperties(@DefaultValue("100000") int maximumSessions, @DefaultValue List<String> peers,
    @DefaultValue HandoverTimes handover) {
  private static final String PREFIX = "statecraft.session.affinity.";

  AffinityProperties {
    if (maximumSessions < 1) {
      throw new InvalidSettingException(
          PREFIX + "maximum-sessions",
          "is " + maximumSessions,
          "a number from 1");
    }
    peers = List.copyOf(peers);
  }

  /**
   * {@code handover}.
   *
   * @param deadline for giving away all sessions when this node ends; what is left then is lost
   * @param lookup for asking all peers for one session, and for each message to one of them
   */
  record HandoverTimes(@DefaultValue("10s") Duration deadline, @DefaultValue("2s") Duration lookup) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    HandoverTimes {
      check("deadline", deadline);
      check("lookup", lookup);
    }

    private static void check(String name, Duration duration) {
      if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
        throw new InvalidSettingException(PREFIX + "handover." + name, "is " + duration, "10ms to 5m");
      }
    }
  }

  /** Address of each node, by its name. */
  Map<String, URI> addresses() {
    Map<String, URI> addresses = new TreeMap<>();
    for (String peer : peers) {
      int equals = peer.indexOf('=');
      URI address = equals < 1 ? null : address(peer.substring(equals + 1).strip());
      if (address == null) {
        throw new InvalidSettingException(
            PREFIX + "peers",
            "has the entry " + peer,
            "name=http://host:port,name=http://host:port");
      }
      addresses.put(peer.substring(0, equals).strip(), address);
    }
    return addresses;
  }

  private static @Nullable URI address(String text) {
    try {
      URI address = URI.create(text);
      boolean usable = ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
          && address.getHost() != null;
      return usable ? address : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
