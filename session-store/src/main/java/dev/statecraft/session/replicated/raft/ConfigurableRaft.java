package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.raft.membership.Configuration;
import dev.statecraft.session.replicated.raft.membership.Configurations;
import dev.statecraft.session.replicated.raft.membership.MemberId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntries;
import org.jgroups.protocols.raft.LogEntry;
import org.jgroups.raft.util.Utils;

/**
 * Raft whose voting members are those of the last configuration in the log, committed or not (Ongaro, Consensus:
 * Bridging Theory and Practice, 2014, section 4.1).
 */
abstract class ConfigurableRaft extends LockedRaft {
  /** A member that keeps up under load lags by fewer entries than this. */
  private static final long MAX_LAG_ENTRIES = 256;

  /** Guarded by {@link #state}. */
  private final Configurations configurations = new Configurations();
  /** Nodes in the view that are known to belong to this member's group. */
  private final Set<Address> peers = ConcurrentHashMap.newKeySet();
  private volatile Configuration configuration = Configuration.NOBODY;
  private volatile Configuration committedConfiguration = Configuration.NOBODY;

  /** Stops this member for good, because its log or its state cannot be trusted any more. */
  abstract void fail(Throwable cause);

  /** Whether this member may vote and append. */
  abstract boolean isActive();

  abstract Optional<StrictLeader> leaderRole();

  /** The configuration in force: the last one in the log, committed or not. */
  Configuration configuration() {
    return configuration;
  }

  /** The last configuration that is known to be committed. */
  Configuration committedConfiguration() {
    return committedConfiguration;
  }

  void addPeer(Address peer) {
    peers.add(peer);
  }

  void retainPeers(Collection<Address> inView) {
    peers.retainAll(inView);
  }

  /**
   * Whether a node is known to belong to this member's group. If all founders have lost their disks and founded another
   * group, both groups meet in one view. Their indexes and terms look alike, so messages of the other group must be
   * ignored.
   */
  boolean isPeer(Address other) {
    if (peers.contains(other)) {
      return true;
    }
    String id = Utils.extractRaftId(other);
    if (id != null && configuration.contains(id)) {
      peers.add(other);
      return true;
    }
    return false;
  }

  /**
   * Changes the configuration by one member, if this member leads and no other change is under way. A leader may do so
   * only after an entry of its own term (Ongaro's correction of 2015) and the previous change are committed.
   *
   * @param change from the configuration in force to the next; empty for no change
   * @return the new configuration, if there is one
   */
  Optional<Configuration> changeConfiguration(Function<Configuration, Optional<Configuration>> change) {
    state.lock();
    try {
      if (!isActive() || leaderRole().isEmpty() || commit_index == 0
          || configurations.latestIndex() > commit_index || termAt(commit_index) != currentTerm()) {
        return Optional.empty();
      }
      Optional<Configuration> next = change.apply(configuration);
      if (next.isPresent()) {
        byte[] entry = next.get().toEntry();
        // In force for its own entry already.
        configurations.appended(last_appended + 1, next.get());
        adopt();
        handleDownRequest(new CompletableFuture<>(), entry, 0, entry.length, true, null, false);
      }
      return next;
    } catch (RuntimeException | Error e) {
      fail(e);
      throw e;
    } finally {
      state.unlock();
    }
  }

  /** Whether this member leads and the other member's log is known to lack only the last entries. */
  boolean hasCaughtUp(String memberId) {
    state.lock();
    try {
      return leaderRole().filter(leader -> last_appended - leader.matchOf(memberId) <= MAX_LAG_ENTRIES).isPresent();
    } finally {
      state.unlock();
    }
  }

  /** By how many entries the log of each other member lags; empty if this member does not lead. */
  Map<String, Long> followerLags() {
    state.lock();
    try {
      Map<String, Long> lags = new TreeMap<>();
      leaderRole().ifPresent(leader -> configuration.ids().stream().filter(id -> !id.equals(raft_id))
          .forEach(id -> lags.put(MemberId.parse(id).name(), Math.max(0, last_appended - leader.matchOf(id)))));
      return lags;
    } finally {
      state.unlock();
    }
  }

  /** A leader that is not in its own configuration does not count itself. */
  @Override
  public int majority() {
    return configuration.contains(raft_id) ? super.majority() : super.majority() + 1;
  }

  /** Sets the founding configuration, unless a snapshot or the log holds a later one. */
  void foundWith(Configuration founders) {
    if (configurations.latest().equals(Configuration.NOBODY)) {
      beginConfigurations(0, founders);
    }
  }

  /** Replaces all configurations by the one of a snapshot that ends at this index. */
  void beginConfigurations(long index, Configuration first) {
    configurations.begin(index, first);
    adopt();
  }

  Configuration configurationAt(long index) {
    return configurations.at(index);
  }

  void configurationCommittedAt(long index) {
    committedConfiguration = configurations.at(index);
  }

  void readConfigurations(long from, long to) {
    boolean changed = false;
    for (long index = from; index <= to; index++) {
      LogEntry entry = log_impl.get(index);
      changed |= entry != null && configurations.appended(index, entry);
    }
    if (changed) {
      adopt();
    }
  }

  private void adopt() {
    configuration = configurations.latest();
    committedConfiguration = configurations.at(commit_index);
    internal_state.setMembers(configuration.ids());
    computeMajority();
  }

  @Override
  protected boolean append(long index, LogEntries entries) {
    boolean appended = super.append(index, entries);
    if (appended) {
      long at = index;
      boolean changed = false;
      for (LogEntry entry : entries) {
        changed |= configurations.appended(at++, entry);
      }
      if (changed) {
        adopt();
      }
    }
    return appended;
  }

  @Override
  protected void deleteAllLogEntriesStartingFrom(long index) {
    super.deleteAllLogEntriesStartingFrom(index);
    configurations.cutFrom(index);
    adopt();
  }
}
