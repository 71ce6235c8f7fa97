package dev.statecraft.lab.report;

import dev.statecraft.lab.console.TerminalText;
import java.io.IOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes {@code results.json}: one field per line, in the order of the record components. */
public final class ResultsFile {
  /** The file name in a results directory. */
  public static final String NAME = "results.json";

  private static final JsonMapper MAPPER = JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
      .enable(SerializationFeature.INDENT_OUTPUT).build();

  private ResultsFile() {}

  /** Writes the file atomically. */
  public static void write(Path file, ExperimentResults results) throws IOException {
    writeAtomically(file, MAPPER.writeValueAsString(results) + '\n');
  }

  static void writeAtomically(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, text);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads what {@link #write} wrote. Unknown fields are ignored.
   *
   * @param kinds the supported result types, by schema
   * @throws IOException if the file is missing, damaged or of an unsupported schema; the message is one sentence for
   * the user that names the file
   */
  public static ExperimentResults read(Path file, Map<String, Class<? extends ExperimentResults>> kinds)
      throws IOException {
    JsonNode tree = tree(file);
    String schema = tree.path("schema").asString("");
    if (schema.isEmpty()) {
      throw new IOException(file + " is not a results file: it has no schema.");
    }
    Class<? extends ExperimentResults> kind = kinds.get(schema);
    if (kind == null) {
      throw new IOException(file + " has the unsupported schema '" + TerminalText.printable(schema)
          + "'; supported are " + String.join(", ", new TreeSet<>(kinds.keySet())) + '.');
    }
    try {
      ExperimentResults results = MAPPER.treeToValue(tree, kind);
      String missing = firstMissing((Record) results, "");
      if (missing != null) {
        throw new IOException(file + " is damaged: '" + missing + "' is missing.");
      }
      return results;
    } catch (JacksonException damaged) {
      throw new IOException(file + " is damaged" + position(damaged) + '.', damaged);
    }
  }

  private static JsonNode tree(Path file) throws IOException {
    try {
      return MAPPER.readTree(Files.readString(file));
    } catch (NoSuchFileException missing) {
      throw new IOException(file + " does not exist.", missing);
    } catch (JacksonException damaged) {
      throw new IOException(file + " is damaged" + position(damaged) + '.', damaged);
    } catch (IOException unreadable) {
      throw new IOException(file + " cannot be read as UTF-8 text: " + unreadable.getMessage() + '.', unreadable);
    }
  }

  private static String position(JacksonException damaged) {
    TokenStreamLocation location = damaged.getLocation();
    String path = damaged.getPath().stream().map(ResultsFile::step).reduce("", String::concat);
    if (!path.isEmpty()) {
      return ": '" + path.substring(path.startsWith(".") ? 1 : 0) + "' is missing or has the wrong type";
    }
    return location == null || location.getLineNr() < 1
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String step(JacksonException.Reference step) {
    return step.getPropertyName() == null ? "[" + step.getIndex() + "]" : '.' + step.getPropertyName();
  }

  /** The path of the first null in a component that is not {@code @Nullable}: Jackson leaves missing fields null. */
  private static @Nullable String firstMissing(Record value, String path) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object part;
      try {
        part = component.getAccessor().invoke(value);
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(impossible);
      }
      String missing = firstMissing(part, component.getAnnotatedType(), path + component.getName());
      if (missing != null) {
        return missing;
      }
    }
    return null;
  }

  private static @Nullable String firstMissing(@Nullable Object value, AnnotatedType type, String path) {
    if (value == null) {
      return type.isAnnotationPresent(Nullable.class) ? null : path;
    }
    if (value instanceof Record nested) {
      return firstMissing(nested, path + '.');
    }
    if (value instanceof List<?> list && type instanceof AnnotatedParameterizedType parameterized) {
      AnnotatedType element = parameterized.getAnnotatedActualTypeArguments()[0];
      for (int i = 0; i < list.size(); i++) {
        String missing = firstMissing(list.get(i), element, path + '[' + i + ']');
        if (missing != null) {
          return missing;
        }
      }
    }
    return null;
  }
}
