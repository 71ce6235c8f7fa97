package dev.statecraft.session.replicated;

import java.net.InetSocketAddress;
import java.util.List;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.protocols.raft.NO_DUPES;

/**
 * Puts the JGroups stack together. The times are chosen so that a death is noticed at once and a stall is not a death.
 */
final class GroupStack {
  /** A killed process closes its sockets, and is asked once more; one that hangs is missed after this. */
  private static final long SILENCE_MILLIS = 2_000;
  private static final long HEARTBEAT_MILLIS = 400;
  private static final long VERIFY_MILLIS = 150;
  static final long VOTE_MILLIS = 400;
  private static final long MERGE_MIN_MILLIS = 500;
  private static final long MERGE_MAX_MILLIS = 1_500;
  private static final long JOIN_MILLIS = 500;
  private static final int JOIN_ATTEMPTS = 4;
  private static final long LEAVE_MILLIS = 500;
  private static final int CONNECT_MILLIS = 300;
  private static final int MOST_THREADS = 16;
  private static final int FRAGMENT_BYTES = 60_000;
  private static final long STABLE_BYTES = 4_000_000;
  /** The Raft thread wakes up this often when nothing happens. */
  private static final long RAFT_PAUSE_MILLIS = 100;

  private GroupStack() {}

  static JChannel build(GroupSettings settings, MemberId id, StrictRaft raft, StrictElection election)
      throws Exception {
    InetSocketAddress address = settings.address();
    TCP transport = new TCP();
    transport.setBindAddr(address.getAddress());
    transport.setBindPort(address.getPort());
    transport.setPortRange(0);
    transport.setSockConnTimeout(CONNECT_MILLIS);
    transport.tcpNodelay(true);
    // No second port as FD_SOCK2 needs it: the transport's own connections tell.
    transport.enableSuspectEvents(true);
    transport.logDetails(false);
    // A thread for each peer: the address of a pod that is gone takes no connection and refuses none, and while one
    // thread
    // waits for it the peers that live would hear nothing.
    transport.setBundlerType("per-destination");
    transport.getMessageStats().enable(true);
    // Platform threads of its own: on virtual ones heartbeats would queue for the carriers behind the requests.
    transport.useVirtualThreads(false);
    transport.getThreadPool().setMaxThreads(MOST_THREADS);

    TCPPING discovery = new TCPPING();
    discovery.setPortRange(0);
    discovery.setInitialHosts(List.copyOf(settings.members().values()));
    // Whoever joined later is not in the lists of the others; they hear of it from each other.
    discovery.returnEntireCache(true);

    FD_ALL3 silence = new FD_ALL3();
    silence.setTimeout(SILENCE_MILLIS);
    silence.setInterval(HEARTBEAT_MILLIS);

    FRAG4 fragments = new FRAG4();
    fragments.setFragSize(FRAGMENT_BYTES);

    raft.raftId(id.toString());
    raft.resendInterval(RAFT_PAUSE_MILLIS);
    raft.maxLogSize(settings.logBytes());
    raft.logUseFsync(settings.synchronous());

    JChannel channel = new JChannel(
        transport,
        discovery,
        new MERGE3().setMinInterval(MERGE_MIN_MILLIS).setMaxInterval(MERGE_MAX_MILLIS),
        silence,
        new VERIFY_SUSPECT2().setTimeout(VERIFY_MILLIS),
        new NAKACK2().useMcastXmit(false),
        new UNICAST3(),
        new STABLE().setMaxBytes(STABLE_BYTES),
        new NO_DUPES(),
        new GMS()
            .setJoinTimeout(JOIN_MILLIS)
            .setMaxJoinAttempts(JOIN_ATTEMPTS)
            .setLeaveTimeout(LEAVE_MILLIS)
            .printLocalAddress(false)
            .printViewDetails(false),
        fragments,
        election,
        raft).name(settings.name());
    // It would listen on a multicast address for anybody's probes.
    transport.getDiagnosticsHandler().setEnabled(false);
    return channel;
  }
}
