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
 * @param maximumSessions most live sessions on this node. A login above it is rejected (503), because evicting a live
 * session would log out another user
 * @param peers all nodes, the same list on each, as {@code name=http://host:port}. A node that shuts down sends its
 * sessions to them, and a node asks them for a session that it does not hold. Requires {@code statecraft.session.keys}.
 * Guarantee: a graceful shutdown loses no session while a peer is up. Anomaly: a request whose session is moving is
 * rejected (503, or 409 if the request started before the move); so is one whose peer is up but does not respond, or
 * has a clock that differs by more than 30 s. If empty, every shutdown loses the sessions of its node
 * @param handover timeouts of the handover
 */
@ConfigurationProperties("statecraft.session.affinity")
record AffinityProperties(@DefaultValue("100000") int maximumSessions, @DefaultValue List<String> peers,
    @DefaultValue HandoverTimeouts handover) {
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
   * Timeouts, 10 ms to 5 minutes each.
   *
   * @param deadline for sending all sessions away when this node shuts down; the remaining sessions are lost
   * @param lookup for asking all peers for one session, and for each request to a peer
   */
  record HandoverTimeouts(@DefaultValue("10s") Duration deadline, @DefaultValue("2s") Duration lookup) {
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    HandoverTimeouts {
      check("deadline", deadline);
      check("lookup", lookup);
    }

    private static void check(String name, Duration duration) {
      InvalidSettingException
          .requireRange(PREFIX + "handover." + name, duration, MIN_TIMEOUT, MAX_TIMEOUT, "10ms to 5m");
    }
  }

  /** Address of each node by name. */
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
