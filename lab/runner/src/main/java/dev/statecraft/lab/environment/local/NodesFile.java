package dev.statecraft.lab.environment.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.environment.local.process.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The node list of a route, in a file that the gateway polls. Thread-safe. */
final class NodesFile {
  private final Path file;
  @GuardedBy("this")
  private final Map<String, Node> listed = new LinkedHashMap<>();

  NodesFile(Path file, Collection<Node> nodes) throws IOException {
    this.file = file;
    nodes.forEach(node -> listed.put(node.name(), node));
    write();
  }

  Path path() {
    return file;
  }

  synchronized void add(Node node) throws IOException {
    listed.put(node.name(), node);
    write();
  }

  synchronized void remove(Node node) throws IOException {
    listed.remove(node.name());
    write();
  }

  /** Replaces the file atomically. */
  @GuardedBy("this")
  private void write() throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next,
        listed.values().stream().map(node -> node.name() + "=" + node.uri() + "\n").collect(Collectors.joining()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
