package dev.statecraft.lab.environment.local.launch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.environment.local.process.WorkDirectory;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Prepares applications for a fast start: extracts the fat jar, and stores the AOT cache that a training run wrote,
 * with loaded and linked classes and method profiles (JEP 483, 514, 515). Both depend on the content of the jar, the
 * Java version and the JVM options, and are created again when one of these changes. A stateful node that runs a peer
 * has the peer's jars on its class path, and a cache for these jars. Thread-safe.
 */
public final class LaunchPreparation implements LaunchProvider {
  /**
   * The JVM options of every service: those of the images (see {@code docker/jvm.options} for the reasons) and the heap
   * size of a pod with 512 MiB.
   */
  static final List<String> SERVICE_ARGUMENTS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:MinRAMPercentage=25",
      "-XX:TrimNativeHeapInterval=2000", "-XX:SurvivorRatio=3", "-XX:+UseCompactObjectHeaders", "-XX:MaxInlineLevel=30",
      "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData",
      "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private static final long EXTRACT_TIMEOUT_SECONDS = 120;

  private final Installation installation;
  @GuardedBy("this")
  private final Map<App, Path> directories = new EnumMap<>(App.class);
  @GuardedBy("this")
  private final Map<String, Path> peers = new HashMap<>();

  public LaunchPreparation(Installation installation) {
    this.installation = installation;
  }

  /** The launch of the fat jar with default options. */
  public Launch fatJar(App app) throws ClusterFailure {
    return new Launch(List.of(), jar(app));
  }

  /** The launch of the extracted jar with default options. */
  public Launch extracted(App app) throws ClusterFailure {
    return new Launch(List.of(), directory(app).resolve("application").resolve(app.module() + ".jar"));
  }

  /** The launch of the extracted jar with the services' JVM options and, if there is one, the AOT cache. */
  @Override
  public Launch of(App app, String variant, String node) throws ClusterFailure {
    List<String> arguments = new ArrayList<>(SERVICE_ARGUMENTS);
    if (isTrained(app, variant)) {
      arguments.add("-XX:AOTCache=" + cache(app, variant));
      // With "auto" the JVM starts without the cache if it cannot use it.
      arguments.add("-XX:AOTMode=auto");
    }
    return new Launch(arguments, extracted(app).jar(), peerJars(app, variant));
  }

  /** Whether there is a cache for the current build of an application. */
  public boolean isTrained(App app, String variant) throws ClusterFailure {
    return Files.isRegularFile(cache(app, variant));
  }

  /** The launch of a training run, which writes its cache to {@link #newCache} when it exits. */
  public Launch training(App app, String variant) throws ClusterFailure {
    List<String> arguments = new ArrayList<>(SERVICE_ARGUMENTS);
    arguments.add("-XX:AOTCacheOutput=" + newCache(app, variant));
    // Hundreds of warnings about classes that cannot be cached would hide the cause of a failure.
    arguments.add("-Xlog:aot=error");
    return new Launch(arguments, extracted(app).jar(), peerJars(app, variant));
  }

  Path newCache(App app, String variant) throws ClusterFailure {
    Path cache = cache(app, variant);
    return cache.resolveSibling(cache.getFileName() + ".new");
  }

  /** Deletes the files of a failed training run. */
  public void discard(App app, String variant) throws ClusterFailure {
    Path output = newCache(app, variant);
    ClusterFailure.orFail("delete a partial AOT cache", () -> {
      Files.deleteIfExists(output);
      Files.deleteIfExists(output.resolveSibling(output.getFileName() + ".config"));
    });
  }

  /** Publishes the cache of a finished training run for {@link #of}; returns false if it wrote none. */
  public boolean publish(App app, String variant) throws ClusterFailure {
    Path output = newCache(app, variant);
    if (!Files.isRegularFile(output)) {
      return false;
    }
    Path cache = cache(app, variant);
    ClusterFailure.orFail("store the AOT cache of " + app.module(),
        () -> Files.move(output, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
    return true;
  }

  /** The file names of the libraries of an application, with those that a strategy adds. */
  public List<String> libraries(App app, String variant) throws ClusterFailure {
    try {
      return Stream.concat(jarsIn(extracted(app).jar().resolveSibling("lib")).stream(), peerJars(app, variant).stream())
          .map(jar -> jar.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new ClusterFailure("cannot list the libraries of " + app.module() + ": " + e.getMessage(), e);
    }
  }

  private Path cache(App app, String variant) throws ClusterFailure {
    Optional<Path> peer = peerDirectory(app, variant);
    return peer.isPresent() ? Path.of(peer.get() + ".aot") : directory(app).resolve(variant + ".aot");
  }

  private List<Path> peerJars(App app, String variant) throws ClusterFailure {
    Optional<Path> directory = peerDirectory(app, variant);
    try {
      return directory.isPresent() ? jarsIn(directory.get()) : List.of();
    } catch (IOException e) {
      throw new ClusterFailure("cannot list the jars of strategy " + variant + ": " + e.getMessage(), e);
    }
  }

  /** The directory with the jars that the strategy of a stateful node needs and the service does not have. */
  private synchronized Optional<Path> peerDirectory(App app, String variant) throws ClusterFailure {
    SessionStrategy strategy = SessionStrategies.named(variant).orElse(null);
    if (app != App.STATEFUL || strategy == null || !strategy.isPeer()) {
      return Optional.empty();
    }
    Path known = peers.get(variant);
    if (known != null) {
      return Optional.of(known);
    }
    Path own = extracted(app).jar().resolveSibling("lib");
    try {
      List<Path> jars = jarsIn(strategy.jars(installation.home())).stream()
          .filter(jar -> !Files.exists(own.resolve(jar.getFileName()))).toList();
      Path copies = directory(app).resolve(variant + "-" + Installation.fingerprint(jars));
      if (!Files.isDirectory(copies)) {
        copy(jars, copies);
      }
      peers.put(variant, copies);
      return Optional.of(copies);
    } catch (IOException e) {
      throw new ClusterFailure("cannot copy the jars of strategy " + variant + ": " + e.getMessage()
          + "; run ./statecraft or mvn package", e);
    }
  }

  private static List<Path> jarsIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** The JVM rejects an AOT cache if a jar is newer, so that the jars of a peer must stay as they are. */
  private void copy(List<Path> jars, Path target) throws IOException {
    Path fresh = Files.createTempDirectory(installation.prepared(), App.STATEFUL.module() + "-");
    for (Path jar : jars) {
      Files.copy(jar, fresh.resolve(jar.getFileName()));
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path jar(App app) throws ClusterFailure {
    Path jar = installation.jar(app);
    if (!Files.isRegularFile(jar)) {
      throw new ClusterFailure(app.module() + " is not built: " + jar + " is missing; run ./statecraft or mvn package");
    }
    return jar;
  }

  private synchronized Path directory(App app) throws ClusterFailure {
    Path cached = directories.get(app);
    if (cached != null) {
      return cached;
    }
    jar(app);
    String prefix = app.module() + "-";
    Path directory = installation.prepared()
        .resolve(prefix + installation.fingerprint(app) + "-" + Integer.toHexString(SERVICE_ARGUMENTS.hashCode()));
    try {
      Files.createDirectories(installation.prepared());
      if (!Files.isDirectory(directory.resolve("application"))) {
        removeOld(prefix);
        extract(app, directory);
      }
    } catch (IOException e) {
      throw new ClusterFailure("cannot extract " + app.module() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterFailure("interrupted", e);
    }
    directories.put(app, directory);
    return directory;
  }

  private void removeOld(String prefix) throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(installation.prepared(), prefix + "*")) {
      for (Path directory : old) {
        WorkDirectory.delete(directory);
      }
    }
  }

  private void extract(App app, Path directory) throws IOException, InterruptedException {
    Path fresh = Files.createTempDirectory(installation.prepared(), app.module() + "-");
    Path log = fresh.resolve("extract.log");
    Process process = new ProcessBuilder(installation.java().toString(), "-Djarmode=tools", "-jar",
        installation.jar(app).toString(), "extract", "--destination", fresh.resolve("application").toString())
        .redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(EXTRACT_TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(Files.readString(log).strip());
    }
    Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
  }
}
