package dev.statecraft.chart.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValuesReferenceTest {
  private static final Path CHART = Path.of("statecraft");
  private static final Path VALUES = CHART.resolve("values.yaml");

  @Test
  void everyKeyHasADescription() throws Exception {
    assertThat(ValuesReference.rows(VALUES)).hasSizeGreaterThan(50)
        .allSatisfy(row -> assertThat(row.description()).as(row.key()).isNotEmpty());
  }

  @Test
  void generatedReferenceIsUpToDate() throws Exception {
    GeneratedFile.check(Path.of("..", "docs", "kubernetes-values.md"),
        ValuesReference.markdown("# Values of the chart\n", VALUES));
  }

  @Test
  void chartReadmeIsUpToDate() throws Exception {
    String introduction = Files.readString(Path.of("src", "test", "resources", "chart-readme.md"));
    GeneratedFile.check(CHART.resolve("README.md"), ValuesReference.markdown(introduction, VALUES));
  }

  @Test
  void defaultsInTheChartAreUpToDate() throws Exception {
    GeneratedFile.check(CHART.resolve("files").resolve("defaults.yaml"), ValuesReference.defaults(VALUES));
  }

  @Test
  void rowHoldsKeyDefaultAndWholeComment(@TempDir Path directory) throws Exception {
    Path values = Files.writeString(directory.resolve("values.yaml"), """
        # Not for the table.
        group:
          # -- What it is,
          # told in two lines.
          size: 1Gi
          # -- A map as a whole.
          resources:
            limits:
              memory: 1Gi
          # -- Off.
          enabled: false
          mute: 3
        """);
    assertThat(ValuesReference.rows(values)).extracting(ValuesReference.Row::toString).containsExactly(
        "| `group.size` | `\"1Gi\"` | What it is, told in two lines. |", "| `group.resources` |  | A map as a whole. |",
        "| `group.enabled` | `false` | Off. |", "| `group.mute` | `3` |  |");
  }
}
