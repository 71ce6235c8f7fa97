package dev.statecraft.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.HistoryWriter;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "up --strategies none            | unknown strategy 'none'; known: affinity, redis, replicated, cookie",
    "up --nodes 4                    | --nodes 4: replicated needs an odd number",
    "up --nodes 1                    | --nodes 1: replicated needs an odd number",
    "up --nodes 0 --strategies redis | --nodes 0: must be from 1 to 9",
    "up --nodes x                    | 'x' is not an int",
    "up --reads psychic              | unknown guarantee 'psychic'; known: linearizable, session, local",
    "startup --rounds 0              | --rounds 0: must be from 1 to 100",
    "up --frobnicate                 | unknown option '--frobnicate'",
    "compare --strategies redis,mongo | unknown strategy 'mongo'; known: affinity, redis, replicated, cookie",
    "compare --strategies mongo      | infinispan",
    "compare --strategies notes --nodes 1 | --nodes 1: notes needs at least 2 nodes",
    "compare --nodes 2               | --nodes 2: replicated needs an odd number of nodes, at least 3",
    "compare --nodes 1 --strategies cookie | --nodes 1: faults need at least 2 nodes",
    "compare --rate 0                | --rate 0: must be more than 0",
    "compare --rate -3               | --rate -3: must be more than 0",
    "compare --rate NaN              | --rate NaN: must be more than 0",
    "compare --duration -5s          | --duration -5s: not a duration; write it like 20s, 2m or 500ms",
    "compare --duration 1s           | --duration 1s: must be from 2s to 20m",
    "compare --sessions 0            | --sessions 0: must be from 1 to 10000",
    "compare --faults flood          | unknown fault 'flood'; known: none, all, random, kill, term",
    "compare --warm-up 11m           | --warm-up 11m: must be from 0s to 10m",
    "compare --warm-up soon          | --warm-up soon: not a duration",
    "compare --kills 0               | --kills 0: must be from 1 to 50",
    "compare --kills 51              | --kills 51: must be from 1 to 50",
    "compare --kills 3 --faults term | --kills: excludes --faults",
    "compare --kills 3 --duration 1s | --duration 1s: must be from 2s to 20m",
    "compare --kills 3 --nodes 1 --strategies cookie | --nodes 1: faults need at least 2 nodes",
    "compare concurrency --models forking | --models: unknown model 'forking'; known: iterative, thread-per-request",
    "compare concurrency --workloads sleep | --workloads: unknown workload 'sleep'; known: cpu, wait, mix",
    "compare concurrency --rung 500ms | --rung 500ms: must be from 1s to 5m",
    "compare concurrency --past 1h   | --past 1h: must be from 0s to 5m",
    "compare balancing --rules fastest | --rules: unknown balancing rule 'fastest'; known: round-robin, weighted",
    "compare balancing --rate 0      | --rate 0: must be more than 0",
    "compare balancing --slowdown 0  | --slowdown 0: must be from 1 to 100",
    "compare balancing --faults rust | --faults: unknown grey failure 'rust'; known: errors, slow, silent, none",
    "compare balancing --duration 1s | --duration 1s: must be from 4s to 5m",
    "soak --for forever              | --for",
    "chaos                           | --schedule=FILE",
    "chaos --schedule none.yaml      | --schedule none.yaml: does not exist",
    "chaos --schedule x --from-inside | --from-inside: chaos offers no load",
    "chaos --schedule x --release r  | --schedule x: does not exist",
    "soak --faults flood             | unknown fault 'flood'",
    "compare --writes twice          | unknown mode 'twice'; known: last-write-wins, compare-and-set",
    "compare --workload dance        | unknown workload 'dance'; known: shopping, tabs, races",
    "compare reads --rate 0          | --rate 0: must be more than 0",
    "compare --on moon               | --on moon: must be local or kubernetes",
    "compare --namespace shop        | --namespace requires --on kubernetes",
    "compare --on kubernetes --nodes 3 | --nodes: with --on kubernetes, the release determines it",
    "compare --on kubernetes --workload expiry | --workload expiry: with --on kubernetes",
    "compare --on kubernetes --rate 0 | --rate 0: must be more than 0",
    "compare --on kubernetes --context no-such-context | the kubeconfig has no context 'no-such-context'",
    "compare --on kubernetes --context no-such-context --faults flood | unknown fault 'flood'",
    "compare --from-inside           | --from-inside requires --on kubernetes",
    "compare --image other/lab:1     | --image requires --on kubernetes",
    "compare --on kubernetes --image other/lab:1 | --image requires --from-inside",
    "compare --on kubernetes --from-inside --image Not/Small | --image Not/Small: not an image name",
    "compare --on kubernetes --from-inside --url http://x | --url: with --from-inside",
    "compare --on kubernetes --from-inside --rate 0 | --rate 0: must be more than 0",
    "compare --on kubernetes --from-inside --context no-such-context | the kubeconfig has no context 'no-such-context'",
    "compare --seed abc              | 'abc' is not a long",
    "compare --out                   | Missing required parameter",
    "check                           | Missing required parameter: 'DIR'",
    "check no-such-directory         | no-such-directory is not a directory",
    "report no-such-directory        | no-such-directory",
    "images --tag=-x                 | --tag -x: not a valid image tag",
    "dance                           | unknown command 'dance' (see ./statecraft --help)",
    "dance --help                    | unknown command 'dance' (see ./statecraft --help)",
    "compare dance                   | unknown command 'dance' (see ./statecraft compare --help)",
    "compare dance --help            | unknown command 'dance' (see ./statecraft compare --help)",
    "compare --dance                 | unknown option '--dance' (see ./statecraft compare --help)",
    "compare balancing dance         | unexpected argument 'dance' (see ./statecraft compare balancing --help)"})
  void rejectsInvalidInputInOneLine(String line, String reason) {
    assertThat(execute(line)).isEqualTo(2);

    assertThat(err.toString()).startsWith("statecraft: ").contains(reason).endsWith("\n").containsOnlyOnce("\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void rejectsMissingCommand() {
    assertThat(execute("")).isEqualTo(2);
    assertThat(err.toString()).contains("missing command").containsOnlyOnce("\n");
  }

  @Test
  void helpNamesEveryCommandAndExitCode() {
    assertThat(execute("--help")).isZero();

    assertThat(out.toString()).contains("compare", "up", "check", "report", "startup", "Exit codes:", "130");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void rejectsUnwritableOutputDirectory(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(execute("compare --strategies redis --out " + file.resolve("below"))).isEqualTo(2);
    assertThat(err.toString()).startsWith("statecraft: cannot write to ").containsOnlyOnce("\n");
  }

  @Test
  void reportsLineOfDamagedHistory(@TempDir Path directory) throws Exception {
    Path file = history(directory, List.of("tea"));
    Files.writeString(file, Files.readString(file).replace("\"outcome\"", "\"outc"));

    assertThat(execute("check " + directory)).isEqualTo(2);
    assertThat(err.toString()).startsWith("statecraft: ").contains("redis.jsonl").contains("line 2")
        .containsOnlyOnce("\n");
  }

  @Test
  void exitsWithZeroIfGuaranteeIsKept(@TempDir Path directory) throws Exception {
    history(directory, List.of("tea"));

    assertThat(execute("check " + directory)).isZero();
    assertThat(out.toString()).contains("redis.jsonl: 3 operations, no anomaly; kept its guarantee");
  }

  @Test
  void printsCounterexampleOfViolation(@TempDir Path directory) throws Exception {
    history(directory, List.of());

    assertThat(execute("check " + directory)).isEqualTo(1);
    assertThat(out.toString()).contains("BROKE its guarantee", "lostAcknowledgedWrites 1", "\"item\":\"tea\"");
  }

  @Test
  void bundleHasTheSameVerdict(@TempDir Path directory, @TempDir Path elsewhere) throws Exception {
    history(directory, List.of());
    Files.writeString(directory.resolve("report.html"), "page");
    Path bundle = elsewhere.resolve("bundle.zip");

    assertThat(execute("check " + directory + " --bundle " + bundle)).isEqualTo(1);
    String verdict = out.toString();
    assertThat(elsewhere).isDirectoryContaining("glob:**bundle.zip").isDirectoryNotContaining("glob:**.part");

    assertThat(execute("check " + bundle)).isEqualTo(1);
    assertThat(out.toString()).isEqualTo(verdict + verdict);
  }

  @Test
  void rejectsFileThatIsNotABundle(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("bundle.zip"), "not a bundle");

    assertThat(execute("check " + file)).isEqualTo(2);
    assertThat(err.toString()).contains("neither a directory nor a bundle").containsOnlyOnce("\n");
  }

  @Test
  void ignoresBundleEntriesOutsideItsDirectory(@TempDir Path directory) throws Exception {
    Path bundle = directory.resolve("bundle.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bundle))) {
      zip.putNextEntry(new ZipEntry("histories/../../escaped.jsonl"));
      zip.closeEntry();
    }

    assertThat(execute("check " + bundle)).isEqualTo(2);
    assertThat(err.toString()).contains("no history");
  }

  @Test
  void rejectsDirectoryWithoutHistories(@TempDir Path directory) {
    assertThat(execute("check " + directory)).isEqualTo(2);
    assertThat(err.toString()).contains("no history").containsOnlyOnce("\n");
  }

  private static Path history(Path directory, List<String> shown) throws IOException {
    Path file = directory.resolve("redis.jsonl");
    Outcome created = new Outcome.Ok(201, null);
    List<Operation> operations = List.of(
        new Operation(0, 1, "s", Call.LOGIN, null, 1, 1, 2, created, "redis-1"),
        new Operation(1, 1, "s", Call.ADD, "tea", 3, 3, 4, created, "redis-1"),
        new Operation(2, 1, "s", Call.READ, null, 5, 5, 6, new Outcome.Ok(200, shown), "redis-1"));
    HistoryWriter.create(file, new History("redis", null, 1, List.of("redis-1"), operations, List.of())).close();
    return file;
  }

  private int execute(String line) {
    String[] arguments = line.isBlank() ? new String[0] : line.strip().split(" +", -1);
    return StatecraftCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
  }
}
