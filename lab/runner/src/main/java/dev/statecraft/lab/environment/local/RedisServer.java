package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.CommandRunner;
import dev.statecraft.lab.environment.local.process.SystemTool;
import dev.statecraft.lab.report.Software;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * The Redis server that local clusters run: the one that the environment variable {@value #VARIABLE} names, otherwise
 * an installed {@code valkey-server} or {@code redis-server}, otherwise the older one in the {@code embedded-redis}
 * jar, which needs no installation.
 *
 * @param executable its path
 */
public record RedisServer(Path executable) {
  /** The path of a server, or {@value #EMBEDDED} for the one in the jar. */
  static final String VARIABLE = "STATECRAFT_REDIS_SERVER";
  static final String EMBEDDED = "embedded";

  private static final List<String> INSTALLED = List.of("valkey-server", "redis-server");
  private static final Pattern VERSION = Pattern.compile("(\\w+) server v=(\\S+).*");
  private static final long TIMEOUT_SECONDS = 10;

  /**
   * Finds the server.
   *
   * @param directory where the binary of the jar is extracted to, if it is needed
   * @throws ClusterFailure if the named server is no executable file, or the jar has none for this platform
   */
  public static RedisServer find(Path directory) throws ClusterFailure {
    return find(directory, System.getenv(VARIABLE));
  }

  static RedisServer find(Path directory, @Nullable String named) throws ClusterFailure {
    if (named == null || named.isBlank()) {
      Optional<Path> installed = INSTALLED.stream().flatMap(name -> SystemTool.find(name).stream()).findFirst();
      return installed.isPresent() ? new RedisServer(installed.get()) : embedded(directory);
    }
    if (named.equals(EMBEDDED)) {
      return embedded(directory);
    }
    Path executable = Path.of(named);
    if (!Files.isRegularFile(executable) || !Files.isExecutable(executable)) {
      throw new ClusterFailure(VARIABLE + ": " + named + " is not an executable file");
    }
    return new RedisServer(executable.toAbsolutePath());
  }

  private static RedisServer embedded(Path directory) throws ClusterFailure {
    try {
      return new RedisServer(ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath());
    } catch (IOException | RuntimeException e) {
      throw new ClusterFailure("the embedded Redis has no binary for this platform: " + e.getMessage(), e);
    }
  }

  /** Asks the server for its name and version. */
  public Software software() throws ClusterFailure, InterruptedException {
    try {
      String answer = CommandRunner.run(null, List.of(executable.toString(), "--version"), TIMEOUT_SECONDS);
      Matcher matcher = VERSION.matcher(answer.lines().findFirst().orElse(""));
      if (!matcher.matches()) {
        throw new ClusterFailure(executable + " --version: not a Redis server: " + answer);
      }
      return new Software(matcher.group(1), matcher.group(2));
    } catch (IOException e) {
      throw new ClusterFailure(executable + " --version: " + e.getMessage(), e);
    }
  }
}
