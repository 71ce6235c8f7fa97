package dev.statecraft.session.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LookupBatcherTest {
  private record Message(List<String> ids, CompletableFuture<Map<String, String>> answer) {}

  private final List<Message> messages = new ArrayList<>();
  private final LookupBatcher questions = new LookupBatcher(ids -> {
    Message message = new Message(ids, new CompletableFuture<>());
    messages.add(message);
    return message.answer();
  });

  @Test
  void whatIsAskedWhileMessagesAreUnderWayGoesTogether() {
    List<CompletableFuture<@Nullable String>> answers = ask("a", "b", "c", "d", "e", "d");
    assertThat(messages).extracting(Message::ids).containsExactly(List.of("a"), List.of("b"));

    messages.getFirst().answer().complete(Map.of("a", "node-1"));
    assertThat(messages).extracting(Message::ids).last().isEqualTo(List.of("c", "d", "e"));
    messages.getLast().answer().complete(Map.of("d", "node-2"));

    assertThat(answers.get(0)).isCompletedWithValue("node-1");
    assertThat(answers.get(1)).isNotDone();
    assertThat(answers.get(2)).isCompletedWithValue(null);
    assertThat(answers.get(3)).isCompletedWithValue("node-2");
    assertThat(answers.get(5)).isCompletedWithValue("node-2");
  }

  @Test
  void messageIsBounded() {
    ask(IntStream.range(0, 2 + 2 * LookupBatcher.MOST_IN_A_MESSAGE).mapToObj(Integer::toString).toArray(String[]::new));
    messages.get(0).answer().complete(Map.of());
    messages.get(1).answer().complete(Map.of());
    assertThat(messages).extracting(message -> message.ids().size()).containsExactly(1, 1,
        LookupBatcher.MOST_IN_A_MESSAGE,
        LookupBatcher.MOST_IN_A_MESSAGE);
  }

  @Test
  void failureIsToldToThoseWhoAskedAndStopsNobodyElse() {
    List<CompletableFuture<@Nullable String>> answers = ask("a", "b", "c");
    messages.get(0).answer().completeExceptionally(new IOException("no answer"));
    messages.get(2).answer().complete(Map.of("c", "node-1"));

    assertThatThrownBy(() -> answers.get(0).get()).hasRootCauseMessage("no answer");
    assertThat(answers.get(2)).isCompletedWithValue("node-1");
  }

  @Test
  void messageThatCannotBeSentFailsItsQuestions() {
    LookupBatcher broken = new LookupBatcher(ids -> {
      throw new IllegalArgumentException("no such peer");
    });
    for (int i = 0; i < 10; i++) {
      assertThat(broken.ask("a")).isCompletedExceptionally();
    }
  }

  private List<CompletableFuture<@Nullable String>> ask(String... ids) {
    return List.of(ids).stream().map(questions::ask).toList();
  }
}
