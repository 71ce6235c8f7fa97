package dev.statecraft.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tables of metrics in docs/metrics.md, for tests that compare them with what a registry exports. A row begins with
 * name, type, unit and labels; types are those of Prometheus.
 */
public final class MetricsReference {
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| ([^|]*) \\| ([^|]*) \\|.*");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final String MAXIMUM = "_max";

  private MetricsReference() {}

  /**
   * Fails unless the page lists exactly the metrics of the exposition whose names begin with one of the prefixes, with
   * their types and labels. The maximum that comes with each timer is not listed.
   *
   * @param exposition in the text format of Prometheus
   */
  public static void assertDescribes(String exposition, String... prefixes) {
    Map<String, String> exported = new TreeMap<>();
    exposition.lines().map(TYPE::matcher).filter(Matcher::matches)
        .filter(type -> startsWithOne(type.group(1), prefixes))
        .forEach(type -> exported.put(type.group(1),
            type.group(2) + " " + labels(type.group(1), exposition)));
    exported.keySet().removeIf(name -> name.endsWith(MAXIMUM)
        && exported.containsKey(name.substring(0, name.length() - MAXIMUM.length())));
    Map<String, String> listed = new TreeMap<>();
    rows().filter(row -> startsWithOne(row.group(1), prefixes)).forEach(
        row -> listed.put(row.group(1), row.group(2) + " " + words(row.group(4))));
    assertThat(listed).as("docs/metrics.md").isEqualTo(exported);
  }

  private static Stream<Matcher> rows() {
    try {
      return Files.readAllLines(page()).stream().map(ROW::matcher).filter(Matcher::matches);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Modules have different depths in the tree. */
  private static Path page() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/metrics.md"))) {
      directory = Objects.requireNonNull(directory.getParent(), "docs/metrics.md is above this module");
    }
    return directory.resolve("docs/metrics.md");
  }

  private static boolean startsWithOne(String name, String... prefixes) {
    return Stream.of(prefixes).anyMatch(name::startsWith);
  }

  private static Set<String> labels(String name, String exposition) {
    Set<String> labels = new TreeSet<>();
    exposition.lines().filter(line -> line.matches(name + "(_count|_sum)?\\{.*"))
        .forEach(line -> LABEL.matcher(line).results().forEach(label -> labels.add(label.group(1))));
    return labels;
  }

  private static Set<String> words(String cell) {
    Set<String> words = new TreeSet<>();
    Pattern.compile("\\w+").matcher(cell).results().forEach(word -> words.add(word.group()));
    return words;
  }
}
