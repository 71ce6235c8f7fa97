package dev.statecraft.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cloud.client.ServiceInstance;
import reactor.core.Disposable;

class FileMembersTest {
  @TempDir
  private Path directory = Path.of("");

  @Test
  void followsValidChangesAndIgnoresInvalidOnes() throws IOException {
    Path file = Files.writeString(directory.resolve("nodes"),
        "# two\na=http://127.0.0.1:1\n\n b = http://127.0.0.1:2\n");
    List<List<String>> found = new CopyOnWriteArrayList<>();
    Disposable subscription = members(file).get()
        .subscribe(list -> found.add(list.stream().map(ServiceInstance::getInstanceId).toList()));
    try {
      await().until(() -> found.equals(List.of(List.of("a", "b"))));
      Files.writeString(file, "a=nonsense://");
      Files.delete(file);
      Files.writeString(file, "b=http://127.0.0.1:2\nc=http://127.0.0.1:3\n");
      await().atMost(Duration.ofSeconds(20)).until(() -> found.getLast().equals(List.of("b", "c")));
      assertThat(found).hasSize(2);
    } finally {
      subscription.dispose();
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"nothing|line 1", "a=http://127.0.0.1:1\\n=x|line 2",
    "a=http://127.0.0.1:1\\na=http://127.0.0.1:2|line 2", "# none|no node", "a=:|line 1"})
  void namesInvalidLine(String content, String named) throws IOException {
    Path file = Files.writeString(directory.resolve("nodes"), content.replace("\\n", "\n"));
    assertThatThrownBy(() -> members(file).read()).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  private static FileMembers members(Path file) {
    return new FileMembers("shop", file, (name, address) -> Member.of("shop", name, URI.create(address), Map.of()));
  }
}
