package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.ConsensusNode;
import org.jgroups.JChannel;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.Util;

/** Injects faults into Raft nodes and reads their internals, for tests of the strategy. */
public final class RaftFaults {
  private RaftFaults() {}

  /** Ends a node as SIGKILL would: its sockets close, it sends nothing, and its disk keeps what was written. */
  public static void kill(ConsensusNode node) {
    try {
      Util.shutdown(channel(node));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    node.close();
  }

  /** Drops all messages from and to this node; its connections stay open. */
  public static void dropAll(ConsensusNode node) {
    insert(node, discard(node).discardAll(true));
  }

  /** Drops all messages that this node sends. */
  public static void dropSent(ConsensusNode node) {
    insert(node, discard(node).setDownDiscardRate(1));
  }

  /** Drops all messages that this node receives. */
  public static void dropReceived(ConsensusNode node) {
    insert(node, discard(node).setUpDiscardRate(1));
  }

  public static void heal(ConsensusNode node) {
    channel(node).getProtocolStack().removeProtocol(DISCARD.class);
  }

  public static boolean isConnected(ConsensusNode node) {
    return channel(node).isConnected();
  }

  /** Number of nodes in this node's view, of its group or not. */
  public static int nodesInView(ConsensusNode node) {
    return channel(node).getView().size();
  }

  /** Number of members of its group in this node's view. */
  public static long membersInView(ConsensusNode node) {
    return ((RaftNode) node).membersInView();
  }

  /** The node's name and disk. */
  public static String memberId(ConsensusNode node) {
    return connection(node).id().toString();
  }

  public static int snapshotsReceived(ConsensusNode node) {
    return connection(node).raft().snapshotsReceived();
  }

  private static DISCARD discard(ConsensusNode node) {
    return new DISCARD().setAddress(channel(node).getAddress());
  }

  private static void insert(ConsensusNode node, DISCARD discard) {
    try {
      channel(node).getProtocolStack().insertProtocol(discard, ProtocolStack.Position.ABOVE, TP.class);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static JChannel channel(ConsensusNode node) {
    return connection(node).channel();
  }

  private static Connection connection(ConsensusNode node) {
    Connection connection = ((RaftNode) node).connection();
    if (connection == null) {
      throw new IllegalStateException(node.name() + " is not connected");
    }
    return connection;
  }
}
