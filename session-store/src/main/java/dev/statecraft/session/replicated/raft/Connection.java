package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.raft.membership.MemberId;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.View;
import org.jgroups.raft.util.Utils;
import org.jspecify.annotations.Nullable;

/** One connection of this member to the channel on which the nodes of the group meet. */
record Connection(JChannel channel, MemberId id, StrictRaft raft, StrictElection election) {
  /** The address in the view; null before the channel is connected and after it is closed. */
  @Nullable
  Address address() {
    return channel.getAddress();
  }

  /** Ids of all nodes in the view. */
  Set<String> idsInView() {
    View view = channel.getView();
    return view == null ? Set.of() : view.getMembers().stream().map(Connection::idOf).collect(Collectors.toSet());
  }

  /** Whether the view has a node that is not known to belong to this member's group. */
  boolean seesUnknownNodes() {
    View view = channel.getView();
    return view != null
        && view.getMembers().stream().anyMatch(other -> !other.equals(address()) && !raft.isPeer(other));
  }

  /**
   * Sends a message.
   *
   * @param to null for all nodes in the view
   */
  void send(@Nullable Address to, byte[] message) throws Exception {
    channel.send(new BytesMessage(to, message));
  }

  static String idOf(Address address) {
    return Utils.extractRaftId(address);
  }
}
