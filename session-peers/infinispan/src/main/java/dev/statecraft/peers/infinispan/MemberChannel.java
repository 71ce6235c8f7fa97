package dev.statecraft.peers.infinispan;

import dev.statecraft.session.adapter.ClusterMembers;
import dev.statecraft.session.adapter.ClusterMembers.Address;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jgroups.JChannel;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.conf.ProtocolStackConfigurator;

/** The protocol stack that Infinispan ships for TCP, with a list of members in place of multicast. */
final class MemberChannel {
  private static final String SHIPPED_STACK = "org/infinispan/configuration/default-jgroups-tcp.xml";

  private MemberChannel() {}

  /** Returns a channel that is not connected yet. */
  static JChannel open(ClusterMembers members) {
    try {
      ProtocolStackConfigurator stack = ConfiguratorFactory.getStackConfigurator(SHIPPED_STACK);
      List<ProtocolConfiguration> protocols = stack.getProtocolStack();
      for (int i = 0; i < protocols.size(); i++) {
        ProtocolConfiguration protocol = protocols.get(i);
        switch (protocol.getProtocolName()) {
          case "TCP" -> protocol
              .getProperties()
              .putAll(
                  Map.of(
                      "bind_addr", members.own().host(),
                      "bind_port", Integer.toString(members.own().port()),
                      "port_range", "0"));
          case "MPING" -> protocols.set(i, listOf(members));
          default -> {
            // As shipped.
          }
        }
      }
      return new JChannel(stack);
    } catch (Exception e) {
      throw new IllegalStateException("The JGroups stack of Infinispan cannot be configured", e);
    }
  }

  private static ProtocolConfiguration listOf(ClusterMembers members) {
    String hosts = members
        .named()
        .values()
        .stream()
        .map((Address member) -> member.host() + "[" + member.port() + "]")
        .collect(Collectors.joining(","));
    return new ProtocolConfiguration("TCPPING", Map.of("initial_hosts", hosts, "port_range", "0"));
  }
}
