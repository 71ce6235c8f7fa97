package dev.statecraft.chart.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Generates the reference of the chart's values from the keys, defaults and comments in {@code values.yaml}, and the
 * chart's own copy of the defaults.
 */
final class ValuesReference {
  private static final YAMLMapper YAML_MAPPER = new YAMLMapper();
  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9]*):.*");
  private static final Pattern COMMENT = Pattern.compile(" *# (-- )?(.*)");

  private static final String INTRODUCTION = """
      Generated from the comments in `helm/statecraft/values.yaml` by `mvn -pl helm verify -Dstatecraft.write=true`.
      Each key under `defaults` applies to every pod and can be overridden under `gateway`, `stateless`, `reactive`,
      `stateful` and `strategies.<name>`.
      """;

  /**
   * One key of the reference.
   *
   * @param value default, as JSON; empty for a map with entries
   */
  record Row(String key, String value, String description) {
    @Override
    public String toString() {
      return "| `" + key + "` | " + (value.isEmpty() ? "" : "`" + value + "`") + " | " + description.replace("|", "\\|")
          + " |";
    }
  }

  private ValuesReference() {}

  /** Returns the tables, one for each top-level key, under an introduction such as a title. */
  static String markdown(String before, Path values) throws IOException {
    List<String> lines = new ArrayList<>();
    String section = "";
    for (Row row : rows(values)) {
      String topKey = row.key().split("\\.", 2)[0];
      if (!topKey.equals(section)) {
        section = topKey;
        lines.addAll(List.of("", "## `" + topKey + "`", "", "| key | default | meaning |", "| --- | --- | --- |"));
      }
      lines.add(row.toString());
    }
    return before + "\n" + INTRODUCTION + String.join("\n", lines) + "\n";
  }

  /** Returns the defaults without comments, for values that are missing after an upgrade with old values. */
  static String defaults(Path values) throws IOException {
    return "# Generated from values.yaml: what statecraft.complete adds to values where keys are missing.\n"
        + YAML_MAPPER.writeValueAsString(YAML_MAPPER.readTree(Files.readString(values))).replaceFirst("^---\n", "");
  }

  /** Returns the rows in file order. A map of other keys has a row only if it has a comment. */
  static List<Row> rows(Path values) throws IOException {
    Map<String, JsonNode> defaults = new TreeMap<>();
    flatten("", YAML_MAPPER.readTree(Files.readString(values)), defaults);
    List<Row> rows = new ArrayList<>();
    Deque<String> path = new ArrayDeque<>();
    Deque<Integer> indents = new ArrayDeque<>();
    StringBuilder comment = new StringBuilder();
    for (Iterator<String> lines = Files.readAllLines(values).iterator(); lines.hasNext();) {
      String line = lines.next();
      Matcher commented = COMMENT.matcher(line);
      Matcher keyed = KEY.matcher(line);
      if (commented.matches()) {
        if (commented.group(1) != null) {
          comment.setLength(0);
          comment.append(commented.group(2));
        } else if (!comment.isEmpty()) {
          comment.append(' ').append(commented.group(2));
        }
      } else if (keyed.matches()) {
        int indent = keyed.group(1).length();
        while (!indents.isEmpty() && indents.getLast() >= indent) {
          indents.removeLast();
          path.removeLast();
        }
        indents.addLast(indent);
        path.addLast(keyed.group(2));
        String key = String.join(".", path);
        JsonNode value = defaults.get(key);
        if (value != null && (!comment.isEmpty() || !isCoveredByParent(key, rows))) {
          rows.add(new Row(key, value.isObject() && !value.isEmpty() ? "" : value.toString(), comment.toString()));
        }
        comment.setLength(0);
      } else {
        comment.setLength(0);
      }
    }
    return rows.stream().filter(row -> !isGroup(row, defaults)).toList();
  }

  private static boolean isGroup(Row row, Map<String, JsonNode> defaults) {
    JsonNode value = defaults.get(row.key());
    return row.description().isEmpty() && value != null && value.isObject() && !value.isEmpty();
  }

  /** A comment on a map, such as resources, covers the keys below it. */
  private static boolean isCoveredByParent(String key, List<Row> rows) {
    return rows.stream().anyMatch(row -> !row.description().isEmpty() && key.startsWith(row.key() + "."));
  }

  private static void flatten(String prefix, JsonNode node, Map<String, JsonNode> into) {
    node.properties().forEach(entry -> {
      String key = prefix + entry.getKey();
      into.put(key, entry.getValue());
      flatten(key + ".", entry.getValue(), into);
    });
  }
}
