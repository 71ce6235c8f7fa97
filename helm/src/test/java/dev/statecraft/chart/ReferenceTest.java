package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference of the values says what {@code values.yaml} says. */
class ReferenceTest {
  private static final Path VALUES = Chart.DIRECTORY.resolve("values.yaml");

  @Test
  void everyValueIsDescribed() throws Exception {
    assertThat(Reference.rows(VALUES)).hasSizeGreaterThan(50)
        .allSatisfy(row -> assertThat(row.description()).as(row.key()).isNotEmpty());
  }

  @Test
  void theReferenceIsThatOfTheseValues() throws Exception {
    GeneratedFile.check(Path.of("..", "docs", "kubernetes-values.md"), Reference.markdown(VALUES));
  }

  @Test
  void aRowHasTheKeyTheDefaultAndTheWholeComment(@TempDir Path directory) throws Exception {
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
    assertThat(Reference.rows(values)).extracting(Reference.Row::toString).containsExactly(
        "| `group.size` | `\"1Gi\"` | What it is, told in two lines. |", "| `group.resources` |  | A map as a whole. |",
        "| `group.enabled` | `false` | Off. |", "| `group.mute` | `3` |  |");
  }
}
