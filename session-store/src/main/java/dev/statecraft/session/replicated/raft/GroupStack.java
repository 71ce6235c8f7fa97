package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.raft.membership.MemberId;
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

/** Builds the JGroups stack. Its timeouts detect a killed process at once and tolerate one that stalls. */
final class GroupStack {
  /** A killed process is noticed by its closed sockets; one that hangs is suspected after this time. */
  private static final long FAILURE_TIMEOUT_MILLIS = 2_000;
  private static final long HEARTBEAT_MILLIS = 400;
  private static final long VERIFY_MILLIS = 150;
  static final long VOTE_MILLIS = 400;
  private static final long MERGE_MIN_MILLIS = 500;
  private static final long MERGE_MAX_MILLIS = 1_500;
  private static final long JOIN_MILLIS = 500;
  private static final int JOIN_ATTEMPTS = 4;
  private static final long LEAVE_MILLIS = 500;
  private static final int CONNECT_MILLIS = 300;
  private static final int MAX_THREADS = 16;
  private static final int MAX_FRAGMENT_BYTES = 60_000;
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
    // The transport's own connections detect a closed socket; FD_SOCK2 would need a second port.
    transport.enableSuspectEvents(true);
    transport.logDetails(false);
    // One sending thread for each peer: a connection attempt to a deleted pod is neither accepted nor refused, and must
    // not delay messages to the live peers.
    transport.setBundlerType("per-destination");
    transport.getMessageStats().enable(true);
    // Platform threads: on virtual threads, heartbeats would wait for a carrier behind the HTTP requests.
    transport.useVirtualThreads(false);
    transport.getThreadPool().setMaxThreads(MAX_THREADS);

    TCPPING discovery = new TCPPING();
    discovery.setPortRange(0);
    discovery.setInitialHosts(List.copyOf(settings.members().values()));
    // Nodes that joined later are in no configured list; members tell each other their addresses.
    discovery.returnEntireCache(true);

    FD_ALL3 failureDetection = new FD_ALL3();
    failureDetection.setTimeout(FAILURE_TIMEOUT_MILLIS);
    failureDetection.setInterval(HEARTBEAT_MILLIS);

    FRAG4 fragments = new FRAG4();
    fragments.setFragSize(MAX_FRAGMENT_BYTES);

    raft.raftId(id.toString());
    raft.resendInterval(RAFT_PAUSE_MILLIS);
    raft.maxLogSize(settings.logBytes());
    raft.logUseFsync(settings.synchronous());

    JChannel channel = new JChannel(
        transport,
        discovery,
        new MERGE3().setMinInterval(MERGE_MIN_MILLIS).setMaxInterval(MERGE_MAX_MILLIS),
        failureDetection,
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
    // It would listen for probes on a multicast address.
    transport.getDiagnosticsHandler().setEnabled(false);
    return channel;
  }
}
