package dev.statecraft.lab.environment.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.environment.local.process.Node;
import java.io.IOException;
import java.net.URI;
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
  private final Map<String, URI> listed = new LinkedHashMap<>();

  NodesFile(Path file, Collection<Node> nodes) throws IOException {
    this.file = file;
    nodes.forEach(node -> listed.put(node.name(), node.uri()));
    write();
  }

  Path path() {
    return file;
  }

  synchronized void add(Node node) throws IOException {
    add(node.name(), node.uri());
  }

  synchronized void add(String name, URI uri) throws IOException {
    listed.put(name, uri);
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
        listed.entrySet().stream().map(node -> node.getKey() + "=" + node.getValue() + "\n")
            .collect(Collectors.joining()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
