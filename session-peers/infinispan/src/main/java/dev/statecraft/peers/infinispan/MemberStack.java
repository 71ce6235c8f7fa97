package dev.statecraft.peers.infinispan;

import dev.statecraft.session.adapter.ClusterMembers;
import dev.statecraft.session.adapter.ClusterMembers.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.infinispan.remoting.transport.jgroups.BuiltinJGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.EmbeddedJGroupsChannelConfigurator;
import org.jgroups.conf.ProtocolConfiguration;

/** The protocol stack that Infinispan ships for TCP, with a list of members in place of multicast. */
final class MemberStack {
  static final String NAME = "members";

  /** As many as with the defaults of JGroups, 8 s and 40 s. */
  private static final int HEARTBEATS_PER_TIMEOUT = 5;

  private MemberStack() {}

  /**
   * Makes the stack.
   *
   * @param failureTimeout how long a member may be silent before the others exclude it
   */
  static EmbeddedJGroupsChannelConfigurator of(ClusterMembers members, Duration failureTimeout) {
    List<ProtocolConfiguration> protocols = new ArrayList<>();
    for (ProtocolConfiguration shipped : BuiltinJGroupsChannelConfigurator.TCP(new Properties()).getProtocolStack()) {
      switch (shipped.getProtocolName()) {
        case "TCP" -> {
          shipped.getProperties().putAll(
              Map.of(
                  "bind_addr", members.own().host(),
                  "bind_port", Integer.toString(members.own().port()),
                  "port_range", "0"));
          protocols.add(shipped);
        }
        case "MPING" -> protocols.add(
            new ProtocolConfiguration("TCPPING", Map.of("initial_hosts", hosts(members), "port_range", "0")));
        case "FD_ALL3" -> {
          shipped.getProperties().putAll(
              Map.of(
                  "timeout", Long.toString(failureTimeout.toMillis()),
                  "interval", Long.toString(failureTimeout.dividedBy(HEARTBEATS_PER_TIMEOUT).toMillis())));
          protocols.add(shipped);
        }
        default -> protocols.add(shipped);
      }
    }
    return new EmbeddedJGroupsChannelConfigurator(NAME, protocols, null);
  }

  private static String hosts(ClusterMembers members) {
    return members
        .named()
        .values()
        .stream()
        .map((Address member) -> member.host() + "[" + member.port() + "]")
        .collect(Collectors.joining(","));
  }
}
