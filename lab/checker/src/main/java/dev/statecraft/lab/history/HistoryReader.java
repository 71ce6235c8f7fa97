package dev.statecraft.lab.history;

import dev.statecraft.lab.history.HistoryLine.InvalidLineException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a history file and validates every line. Stateless and thread-safe. */
public final class HistoryReader {
  /** Far above the largest cart; a longer line is damage and must not fill the memory. */
  private static final int MAX_LINE_BYTES = 64 * 1024 * 1024;
  private static final int BUFFER = 64 * 1024;

  private HistoryReader() {}

  /**
   * Reads the history in a file; operations are in the order of their ids.
   *
   * @throws DamagedHistoryException if a line is invalid
   * @throws IOException if the file cannot be read
   */
  public static History read(Path file) throws IOException {
    Map<Long, Integer> lineOfId = new HashMap<>();
    List<Operation> operations = new ArrayList<>();
    List<FaultEvent> faults = new ArrayList<>();
    int line = 1;
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      Text text = nextLine(bytes);
      if (text == null) {
        throw new InvalidLineException("the file is empty");
      }
      History header = text.parse(HistoryLine::header);
      for (line = 2; (text = nextLine(bytes)) != null; line++) {
        switch (text.parse(HistoryLine::entry)) {
          case HistoryLine.OperationEntry(Operation operation) -> {
            Integer first = lineOfId.putIfAbsent(operation.id(), line);
            if (first != null) {
              throw new InvalidLineException("operation id %d is taken by line %d".formatted(operation.id(), first));
            }
            operations.add(operation);
          }
          case HistoryLine.FaultEntry(FaultEvent fault) -> faults.add(fault);
        }
      }
      operations.sort(Comparator.comparingLong(Operation::id));
      return new History(header.strategy(), header.reads(), header.writes(), header.workload(), header.seed(),
          header.nodes(), header.sessionTimeoutMillis(), operations, faults);
    } catch (InvalidLineException e) {
      throw new DamagedHistoryException(file, line, String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Text nextLine(InputStream bytes) throws IOException, InvalidLineException {
    int next = bytes.read();
    if (next < 0) {
      return null;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    while (next >= 0 && next != '\n') {
      if (line.size() == MAX_LINE_BYTES) {
        throw new InvalidLineException("the line is longer than 64 MiB");
      }
      line.write(next);
      next = bytes.read();
    }
    try {
      // Each line is decoded separately, so that the error names the damaged line.
      String content = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString();
      return new Text(content, next == '\n');
    } catch (CharacterCodingException e) {
      throw new InvalidLineException("not UTF-8 text");
    }
  }

  private record Text(String content, boolean ended) {
    <T> T parse(LineParser<T> parser) throws InvalidLineException {
      try {
        return parser.parse(content);
      } catch (InvalidLineException e) {
        throw ended ? e : new InvalidLineException("the file ends in the middle of this line");
      }
    }
  }

  private interface LineParser<T> {
    T parse(String line) throws InvalidLineException;
  }
}
