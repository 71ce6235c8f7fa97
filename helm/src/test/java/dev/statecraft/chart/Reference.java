package dev.statecraft.chart;

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

/** The table of the chart's values, from {@code values.yaml}: its keys, its defaults, and the comments above them. */
final class Reference {
  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9]*):.*");
  private static final Pattern COMMENT = Pattern.compile(" *# (-- )?(.*)");

  /**
   * One key.
   *
   * @param value its default, as JSON
   */
  record Row(String key, String value, String description) {
    @Override
    public String toString() {
      return "| `" + key + "` | " + (value.isEmpty() ? "" : "`" + value + "`") + " | " + description.replace("|", "\\|")
          + " |";
    }
  }

  private Reference() {}

  static String markdown(Path values) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Values of the chart");
    lines.add("");
    lines.add(
        "Made from the comments in `helm/statecraft/values.yaml` by `mvn -pl helm verify -Dstatecraft.write=true`.");
    lines.add(
        "What the keys under `defaults` set for every pod can also be set under `gateway`, `stateless`, `reactive`,");
    lines.add("`stateful` and `strategies.<name>`, where it wins.");
    String section = "";
    for (Row row : rows(values)) {
      String head = row.key().split("\\.", 2)[0];
      if (!head.equals(section)) {
        section = head;
        lines.addAll(List.of("", "## `" + head + "`", "", "| key | default | what it is |", "| --- | --- | --- |"));
      }
      lines.add(row.toString());
    }
    return String.join("\n", lines) + "\n";
  }

  /** In the order of the file; a key that is a group of others and has no comment of its own has no row. */
  static List<Row> rows(Path values) throws IOException {
    Map<String, JsonNode> defaults = new TreeMap<>();
    flatten("", Chart.yaml(Files.readString(values)), defaults);
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
        if (value != null && (!comment.isEmpty() || !isInsideDescribed(key, rows))) {
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

  /** What stands below a map that is described as a whole, such as resources, is described with it. */
  private static boolean isInsideDescribed(String key, List<Row> rows) {
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
