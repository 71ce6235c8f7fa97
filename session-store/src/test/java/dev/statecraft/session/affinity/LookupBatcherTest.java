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
  private record Request(List<String> ids, CompletableFuture<Map<String, String>> response) {}

  private final List<Request> requests = new ArrayList<>();
  private final LookupBatcher batcher = new LookupBatcher(ids -> {
    Request request = new Request(ids, new CompletableFuture<>());
    requests.add(request);
    return request.response();
  });

  @Test
  void batchesLookupsWhileRequestsAreInFlight() {
    List<CompletableFuture<@Nullable String>> results = lookUp("a", "b", "c", "d", "e", "d");
    assertThat(requests).extracting(Request::ids).containsExactly(List.of("a"), List.of("b"));

    requests.getFirst().response().complete(Map.of("a", "node-1"));
    assertThat(requests).extracting(Request::ids).last().isEqualTo(List.of("c", "d", "e"));
    requests.getLast().response().complete(Map.of("d", "node-2"));

    assertThat(results.get(0)).isCompletedWithValue("node-1");
    assertThat(results.get(1)).isNotDone();
    assertThat(results.get(2)).isCompletedWithValue(null);
    assertThat(results.get(3)).isCompletedWithValue("node-2");
    assertThat(results.get(5)).isCompletedWithValue("node-2");
  }

  @Test
  void boundsBatchSize() {
    lookUp(IntStream.range(0, 2 + 2 * LookupBatcher.MAX_BATCH_SIZE).mapToObj(Integer::toString).toArray(String[]::new));
    requests.get(0).response().complete(Map.of());
    requests.get(1).response().complete(Map.of());
    assertThat(requests).extracting(request -> request.ids().size()).containsExactly(1, 1,
        LookupBatcher.MAX_BATCH_SIZE,
        LookupBatcher.MAX_BATCH_SIZE);
  }

  @Test
  void failedRequestFailsOnlyItsLookups() {
    List<CompletableFuture<@Nullable String>> results = lookUp("a", "b", "c");
    requests.get(0).response().completeExceptionally(new IOException("no response"));
    requests.get(2).response().complete(Map.of("c", "node-1"));

    assertThatThrownBy(() -> results.get(0).get()).hasRootCauseMessage("no response");
    assertThat(results.get(2)).isCompletedWithValue("node-1");
  }

  @Test
  void requestThatCannotBeSentFailsItsLookups() {
    LookupBatcher broken = new LookupBatcher(ids -> {
      throw new IllegalArgumentException("no such peer");
    });
    for (int i = 0; i < 10; i++) {
      assertThat(broken.lookUp("a")).isCompletedExceptionally();
    }
  }

  private List<CompletableFuture<@Nullable String>> lookUp(String... ids) {
    return List.of(ids).stream().map(batcher::lookUp).toList();
  }
}
