package dev.statecraft.lab.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryFileTest {
  private static final String HEADER = """
      {"schema":"statecraft/history/1","strategy":"redis","seed":7,"nodes":["redis-1"]}
      """;
  private static final String LOGIN = """
      {"type":"operation","id":0,"client":1,"session":"s1","call":"LOGIN","scheduled":1,"invoked":2,"completed":3,\
      "outcome":{"kind":"ok","status":201},"servedBy":"redis-1"}
      """;

  @TempDir
  Path directory;

  @Test
  void readsBackWhatWasWrittenOrderedById() throws IOException {
    History history = new History(
        "replicated",
        "session",
        "compare-and-set",
        "tabs",
        42,
        List.of("replicated-1", "replicated-2", "replicated-3"),
        1_800_000L,
        List.of(
            operation(0, Operation.Call.LOGIN, null, new Outcome.Ok(201, null), "replicated-1", null),
            operation(1, Operation.Call.ADD, "a \"quoted\"\n\u2028 item", new Outcome.Ok(201, null), "replicated-2", 0),
            operation(2, Operation.Call.ADD, "b", new Outcome.Unknown(0, "timed out"), null, 0),
            operation(3, Operation.Call.ADD, "c", new Outcome.Failed(409, "lost the race"), "replicated-3", 0),
            operation(4, Operation.Call.ROTATE, null, new Outcome.Ok(200, null), "replicated-3", 0),
            operation(5, Operation.Call.SHOW, null, new Outcome.Ok(200, null), "replicated-3", 1),
            operation(6, Operation.Call.READ, null, new Outcome.Ok(200, List.of("a", "b")), "replicated-3", 1),
            operation(7, Operation.Call.READ, null, new Outcome.Ok(200, List.of()), "replicated-3", 1),
            operation(8, Operation.Call.LOGOUT, null, new Outcome.Ok(204, null), "replicated-3", 1)),
        List.of(new FaultEvent("kill", "replicated-2", 15, 90), new FaultEvent("kill", "replicated-3", 95, -1)));
    List<Operation> shuffled = new ArrayList<>(history.operations());
    Collections.shuffle(shuffled, new Random(1));
    Path file = directory.resolve("made/on/demand.jsonl");

    try (HistoryWriter writer = HistoryWriter.create(file, header(history))) {
      shuffled.forEach(writer::record);
      history.faults().forEach(writer::record);
    }

    assertThat(HistoryReader.read(file)).isEqualTo(history);
  }

  @Test
  void concurrentWritersWriteCompleteLines() throws IOException {
    Path file = directory.resolve("history.jsonl");
    int threads = 16;
    int each = 200;

    try (
        HistoryWriter writer = HistoryWriter.create(file,
            new History("redis", null, 1, List.of(), List.of(), List.of()));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < threads; thread++) {
        int first = thread * each;
        clients.execute(() -> {
          for (int id = first; id < first + each; id++) {
            writer.record(operation(id, Operation.Call.ADD, "item-" + id, new Outcome.Ok(201, null), "redis-1", null));
          }
        });
      }
    }

    assertThat(HistoryReader.read(file).operations()).hasSize(threads * each)
        .allSatisfy(operation -> assertThat(operation.item()).isEqualTo("item-" + operation.id()));
  }

  @Test
  void crashLosesOnlyTheLastSecond() throws IOException {
    Path file = directory.resolve("history.jsonl");
    try (HistoryWriter writer = HistoryWriter.create(file,
        new History("redis", null, 1, List.of(), List.of(), List.of()))) {
      writer.record(at(0, 100_000_000L));
      writer.record(at(1, 1_100_000_000L));
      writer.record(at(2, 1_200_000_000L));

      assertThat(HistoryReader.read(file).operations()).extracting(Operation::id).containsExactly(0L, 1L);
    }
  }

  @Test
  void closedWriterRejectsOperations() throws IOException {
    HistoryWriter writer = HistoryWriter
        .create(directory.resolve("history.jsonl"), new History("redis", null, 1, List.of(), List.of(), List.of()));
    writer.close();

    assertThatIllegalStateException().isThrownBy(() -> writer.record(at(0, 1)));
  }

  @Test
  void ignoresUnknownFields() throws IOException {
    String later = LOGIN.replace("\"client\":1", "\"client\":1,\"browser\":\"lynx\"");

    assertThat(HistoryReader.read(file(HEADER + later)).operations()).hasSize(1);
  }

  @Test
  void acceptsLastLineWithoutLineFeed() throws IOException {
    assertThat(HistoryReader.read(file(HEADER + LOGIN.strip())).operations()).hasSize(1);
  }

  @Test
  void missingFileIsNotDamaged() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> HistoryReader.read(directory.resolve("none.jsonl")));
  }

  @Test
  void rejectsEmptyFile() throws IOException {
    assertDamaged("", 1, "the file is empty");
  }

  @Test
  void reportsTruncatedLine() throws IOException {
    assertDamaged(HEADER + LOGIN + LOGIN.substring(0, 40), 3, "the file ends in the middle of this line");
  }

  @Test
  void reportsInvalidJson() throws IOException {
    assertDamaged(HEADER + LOGIN + "{\"type\" operation}\n" + LOGIN, 3, "not JSON: unexpected character");
  }

  @Test
  void reportsEmptyLine() throws IOException {
    assertDamaged(HEADER + "\n" + LOGIN, 2, "not a JSON object");
  }

  @Test
  void reportsTwoObjectsOnOneLine() throws IOException {
    assertDamaged(HEADER + LOGIN.strip() + LOGIN, 2, "not JSON");
  }

  @Test
  void reportsInvalidUtf8() throws IOException {
    Path file = directory.resolve("binary.jsonl");
    byte[] bytes = (HEADER + LOGIN + LOGIN).getBytes(StandardCharsets.UTF_8);
    bytes[HEADER.length() + LOGIN.length() + 12] = (byte) 0xFF;
    Files.write(file, bytes);

    assertThatExceptionOfType(DamagedHistoryException.class).isThrownBy(() -> HistoryReader.read(file))
        .withMessage(file + ", line 3: not UTF-8 text");
  }

  @Test
  void reportsBothLinesOfADuplicateId() throws IOException {
    assertDamaged(HEADER + LOGIN + LOGIN, 3, "operation id 0 is taken by line 2");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|',
      textBlock = """
          "id":0,                 |                      | field "id" is missing
          "call":"LOGIN",         |                      | field "call" is missing
          "status":201            | "code":201           | field "outcome.status" is missing
          "outcome"               | "result"             | field "outcome" is missing
          "call":"LOGIN"          | "call":"ADD"         | field "item" is missing
          "call":"LOGIN"          | "call":"READ"        | field "outcome.items" is missing
          "ok"                    | "failed"             | field "outcome.reason" is missing
          "call":"LOGIN"          | "call":"BUY"         | call is "BUY", but must be one of LOGIN, SHOW, ROTATE, LOGOUT
          "ok"                    | "maybe"              | outcome.kind is "maybe", but must be ok, failed or unknown
          "type":"operation"      | "type":"note"        | type is "note", but must be operation or fault
          "id":0                  | "id":"0"             | field "id" is not a whole number in range
          "client":1              | "client":9999999999  | field "client" is not a whole number in range
          "status":201            | "status":-4          | field "outcome.status" is not a whole number in range
          "session":"s1"          | "session":1          | field "session" is not a string
          {"kind":"ok","status":201} | "ok"              | field "outcome" is not an object
          "status":201            | "status":201,"items":[1] | field "outcome.items" is not an array of strings
          "invoked":2             | "invoked":4          | operation 0 completed at 3, before it was invoked at 4
          """)
  void reportsInvalidLine(String sound, @Nullable String damage, String reason) throws IOException {
    assertThat(LOGIN).contains(sound);
    String damaged = LOGIN.replace(sound, damage == null ? "" : damage);

    assertDamaged(HEADER + damaged, 2, reason);
  }

  @Test
  void reportsFaultThatEndsBeforeItBegins() throws IOException {
    assertDamaged(
        HEADER + "{\"type\":\"fault\",\"kind\":\"kill\",\"target\":\"redis-1\",\"began\":9,\"ended\":8}\n",
        2,
        "the fault ended at 8, before it began at 9");
  }

  @Test
  void rejectsAnotherSchema() throws IOException {
    assertDamaged(
        HEADER.replace("history/1", "history/2"),
        1,
        "schema is \"statecraft/history/2\", but only \"statecraft/history/1\" is known");
  }

  private void assertDamaged(String content, int line, String reason) throws IOException {
    Path file = file(content);

    assertThatExceptionOfType(DamagedHistoryException.class).isThrownBy(() -> HistoryReader.read(file))
        .satisfies(damage -> assertThat(damage.line()).isEqualTo(line))
        .satisfies(damage -> assertThat(damage.file()).isEqualTo(file))
        .satisfies(damage -> assertThat(damage.getMessage()).startsWith(file + ", line " + line + ": " + reason))
        .satisfies(damage -> assertThat(damage.getMessage()).doesNotContain("\n"));
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("history.jsonl"), content);
  }

  private static History header(History history) {
    return new History(
        history.strategy(),
        history.reads(),
        history.writes(),
        history.workload(),
        history.seed(),
        history.nodes(),
        history.sessionTimeoutMillis(),
        List.of(),
        List.of());
  }

  private static Operation at(long id, long completed) {
    return new Operation(
        id,
        0,
        "s1",
        Operation.Call.ADD,
        "item-" + id,
        0,
        0,
        completed,
        new Outcome.Ok(201, null),
        "redis-1");
  }

  private static Operation operation(
      long id, Operation.Call call, @Nullable String item, Outcome outcome,
      @Nullable String servedBy, @Nullable Integer generation) {
    return new Operation(
        id,
        3,
        "s1",
        call,
        item,
        10 * id,
        10 * id + 1,
        10 * id + 2,
        outcome,
        servedBy,
        generation);
  }
}
