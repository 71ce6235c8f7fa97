package dev.statecraft.session.replicated;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/**
 * Carries proposals from a follower to the leader and outcomes back. In place of the library's REDIRECT, which forgets
 * nothing that is never answered, lets a proposal to a dead leader hang, and sends exceptions by Java serialization.
 * Thread-safe, never blocks.
 */
final class Forwarding {
  private static final int DONE = 1;

  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentMap<Long, Waiting> waiting = new ConcurrentHashMap<>();

  private record Waiting(Address leader, CompletableFuture<byte[]> answer) {}

  /** Sends a message; may throw what the channel throws. */
  interface Sender {
    void send(byte[] message) throws Exception;
  }

  /** The leader is gone, or leads no longer, or refused; whether the proposal was carried out is not known. */
  static final class LostException extends RuntimeException {
    LostException(String message) {
      super(message, null, false, false);
    }
  }

  /** Sends a proposal on its way; the future is done when it is answered, or given up, or cancelled. */
  CompletableFuture<byte[]> to(Address leader, int kind, byte[] proposal, Sender sender) {
    long number = numbers.incrementAndGet();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    waiting.put(number, new Waiting(leader, answer));
    var _ = answer.whenComplete((_, _) -> waiting.remove(number));
    try {
      sender.send(new WireWriter().octet(kind).number(number).bytes(proposal).toArray());
    } catch (Exception e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /** What a leader sends back. */
  static byte[] answer(int kind, long number, byte @Nullable [] outcome) {
    WireWriter out = new WireWriter().octet(kind).number(number);
    return (outcome == null ? out.octet(0) : out.octet(DONE).bytes(outcome)).toArray();
  }

  /** Takes in what a leader sent back. */
  void answered(WireReader in) {
    Waiting found = waiting.get(in.number());
    if (found == null) {
      return;
    }
    if (in.octet() == DONE) {
      found.answer().complete(in.bytes());
    } else {
      found.answer().completeExceptionally(new LostException("It does not lead"));
    }
  }

  /** Gives up on all that was sent to anyone but this leader. */
  void onlyTo(@Nullable Address leader) {
    for (Waiting each : Arrays.asList(waiting.values().toArray(Waiting[]::new))) {
      if (!each.leader().equals(leader)) {
        each.answer().completeExceptionally(new LostException("The leader is gone"));
      }
    }
  }

  int size() {
    return waiting.size();
  }
}
