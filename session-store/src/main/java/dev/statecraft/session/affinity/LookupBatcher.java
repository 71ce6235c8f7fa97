package dev.statecraft.session.affinity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What this node wants to know of one peer. While messages are under way, further questions wait and go together in the
 * next one: when all sessions of a node move at once, they cost a few messages instead of one each, which nodes that
 * have just been started could not bear. Thread-safe; blocks nobody. Whoever asks bounds how many questions there are.
 */
final class LookupBatcher {
  private static final int MOST_MESSAGES = 2;
  static final int MOST_IN_A_MESSAGE = 50;

  private record Waiting(String id, CompletableFuture<@Nullable String> answer) {}

  private final Function<List<String>, CompletableFuture<Map<String, String>>> send;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private int underWay;

  /**
   * Begins with no question.
   *
   * @param send asks for the sessions of these ids; completes with where each of them is that the peer knows of
   */
  LookupBatcher(Function<List<String>, CompletableFuture<Map<String, String>>> send) {
    this.send = send;
  }

  /** Asks for a session: completes with where it is, or null where the peer does not know. */
  CompletableFuture<@Nullable String> ask(String id) {
    Waiting question = new Waiting(id, new CompletableFuture<>());
    List<Waiting> message;
    synchronized (this) {
      waiting.add(question);
      message = next();
    }
    send(message);
    return question.answer();
  }

  private List<Waiting> next() {
    List<Waiting> message = new ArrayList<>();
    if (underWay < MOST_MESSAGES) {
      while (!waiting.isEmpty() && message.size() < MOST_IN_A_MESSAGE) {
        message.add(waiting.remove());
      }
      underWay += message.isEmpty() ? 0 : 1;
    }
    return message;
  }

  private void send(List<Waiting> message) {
    if (message.isEmpty()) {
      return;
    }
    var _ = answers(message.stream().map(Waiting::id).distinct().toList()).whenComplete((places, failure) -> {
      List<Waiting> following;
      synchronized (this) {
        underWay--;
        following = next();
      }
      send(following);
      for (Waiting question : message) {
        if (failure != null) {
          question.answer().completeExceptionally(failure);
        } else {
          question.answer().complete(places.get(question.id()));
        }
      }
    });
  }

  private CompletableFuture<Map<String, String>> answers(List<String> ids) {
    try {
      return send.apply(ids);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
