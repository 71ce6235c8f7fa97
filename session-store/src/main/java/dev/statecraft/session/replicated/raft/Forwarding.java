package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/**
 * Forwards proposals from a follower to the leader and returns the answers. It replaces the library's REDIRECT, which
 * keeps unanswered proposals for ever, waits for a lost leader, and sends exceptions by Java serialization.
 * Thread-safe, never blocks.
 */
final class Forwarding {
  private static final int DONE = 1;

  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentMap<Long, Pending> pending = new ConcurrentHashMap<>();

  private record Pending(Address leader, CompletableFuture<byte[]> answer) {}

  /** Sends a message; throws what the channel throws. */
  interface Sender {
    void send(byte[] message) throws Exception;
  }

  /** The leader is lost or no longer leads; the proposal may or may not be applied. */
  static final class LostException extends RuntimeException {
    LostException(String message) {
      super(message, null, false, false);
    }
  }

  /** Sends a proposal; the future completes when it is answered, or fails when the leader is lost. */
  CompletableFuture<byte[]> to(Address leader, int kind, byte[] proposal, Sender sender) {
    long number = numbers.incrementAndGet();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    pending.put(number, new Pending(leader, answer));
    var _ = answer.whenComplete((_, _) -> pending.remove(number));
    try {
      sender.send(new WireWriter().octet(kind).number(number).bytes(proposal).toArray());
    } catch (Exception e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /** The leader's answer; a null outcome means that the receiver does not lead. */
  static byte[] answer(int kind, long number, byte @Nullable [] outcome) {
    WireWriter out = new WireWriter().octet(kind).number(number);
    return (outcome == null ? out.octet(0) : out.octet(DONE).bytes(outcome)).toArray();
  }

  /** Completes the proposal that a leader answers. */
  void answered(WireReader in) {
    Pending found = pending.get(in.number());
    if (found == null) {
      return;
    }
    if (in.octet() == DONE) {
      found.answer().complete(in.bytes());
    } else {
      found.answer().completeExceptionally(new LostException("The receiver is not the leader"));
    }
  }

  /** Fails all pending proposals that were sent to another node than this leader. */
  void onlyTo(@Nullable Address leader) {
    for (Pending each : List.copyOf(pending.values())) {
      if (!each.leader().equals(leader)) {
        each.answer().completeExceptionally(new LostException("The leader is lost"));
      }
    }
  }
}
