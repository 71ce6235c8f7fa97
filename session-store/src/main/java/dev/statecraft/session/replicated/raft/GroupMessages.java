package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.raft.membership.Configuration;
import dev.statecraft.session.replicated.raft.membership.Identity;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends and receives the messages between nodes that are not Raft's: announcements, proposals, leave requests. */
final class GroupMessages implements Receiver {
  private static final Logger log = LoggerFactory.getLogger(GroupMessages.class);
  private static final int ANNOUNCE = 1;
  private static final int PROPOSE = 2;
  private static final int ANSWER = 3;
  private static final int LEAVE = 4;

  private final MemberDisk disk;
  private final Admission admission;
  private final MembershipChanges changes;
  private final Forwarding forwarding;
  private final Supplier<@Nullable Connection> connection;
  private final Runnable onViewChange;

  GroupMessages(
      MemberDisk disk, Admission admission, MembershipChanges changes, Forwarding forwarding,
      Supplier<@Nullable Connection> connection, Runnable onViewChange) {
    this.disk = disk;
    this.admission = admission;
    this.changes = changes;
    this.forwarding = forwarding;
    this.connection = connection;
    this.onViewChange = onViewChange;
  }

  static byte[] leaveRequest() {
    return new WireWriter().octet(LEAVE).toArray();
  }

  /**
   * Announces this member's identity and the configuration in force.
   *
   * @param to null for all nodes in the view
   */
  void announce(Connection now, @Nullable Address to) throws Exception {
    if (now.channel().isConnected()) {
      now.send(
          to,
          new WireWriter().octet(ANNOUNCE).bytes(disk.identity().toBytes())
              .bytes(now.raft().configuration().toEntry()).toArray());
    }
  }

  CompletableFuture<byte[]> propose(Connection now, Address leader, byte[] proposal) {
    return forwarding.to(leader, PROPOSE, proposal, message -> now.send(leader, message));
  }

  @Override
  public void receive(Message message) {
    Connection now = connection.get();
    if (now == null || message.getSrc().equals(now.address())) {
      return;
    }
    WireReader in = new WireReader(message.getArray(), message.getOffset(), message.getLength());
    try {
      int type = in.octet();
      switch (type) {
        case ANNOUNCE -> {
          Identity other = Identity.ofBytes(in.bytes());
          announced(now, other, Configuration.ofBytes(in.bytes()), message);
        }
        case PROPOSE -> {
          long number = in.number();
          append(now, number, in.bytes(), message.getSrc());
        }
        case ANSWER -> forwarding.answered(in);
        case LEAVE -> changes.leaveRequested(now, message.getSrc());
        default -> log.warn("{} ignored a message of unknown type {} from {}", now.id(), type, message.getSrc());
      }
    } catch (Exception e) {
      log.warn("{} could not process a message from {}: {}", now.id(), message.getSrc(), e.toString());
    }
  }

  @Override
  public void viewAccepted(View view) {
    changes.retainLeavers(view.getMembers());
    onViewChange.run();
  }

  private void announced(Connection now, Identity other, Configuration theirs, Message message) throws Exception {
    admission.announced(other, theirs);
    if (admission.advance(now)) {
      announce(now, null);
    }
    Identity own = disk.identity();
    if (!own.founded()) {
      return;
    }
    if (other.founded() && other.roster().equals(own.roster())) {
      now.raft().addPeer(message.getSrc());
    }
    // The other node may not know this member yet. A message to this member alone is an answer and needs none.
    if (message.getDest() == null && !theirs.contains(now.id().toString())) {
      announce(now, message.getSrc());
    }
  }

  private static void append(Connection now, long number, byte[] proposal, Address source) {
    CompletableFuture<byte[]> outcome;
    try {
      outcome = now.raft().setAsync(proposal, 0, proposal.length, null);
    } catch (IllegalStateException notLeading) {
      outcome = CompletableFuture.failedFuture(notLeading);
    }
    var _ = outcome.whenComplete((bytes, failure) -> {
      try {
        now.send(source, Forwarding.answer(ANSWER, number, failure == null ? bytes : null));
      } catch (Exception e) {
        log.debug("{} could not answer {}: {}", now.id(), source, e.toString());
      }
    });
  }
}
