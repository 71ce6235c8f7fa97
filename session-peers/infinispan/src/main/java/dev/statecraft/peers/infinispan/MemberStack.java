package dev.statecraft.peers.infinispan;

import dev.statecraft.session.adapter.ClusterMembers;
import dev.statecraft.session.adapter.ClusterMembers.Address;
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

  private MemberStack() {}

  static EmbeddedJGroupsChannelConfigurator of(ClusterMembers members) {
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
