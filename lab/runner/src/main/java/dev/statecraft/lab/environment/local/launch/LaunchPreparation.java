package dev.statecraft.lab.environment.local.launch;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.environment.local.process.WorkDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes applications start fast: takes the fat jar apart, so that classes are loaded from plain jars, and keeps the AOT
 * cache (JEP 483, 514, 515) that a training run wrote: classes loaded and linked, and the profile that lets the
 * compiler begin early. Both are kept by the jar's content, the Java's version and the options, and are made again when
 * one changes. Thread-safe.
 */
public final class LaunchPreparation implements Launches {
  /**
   * What every service runs with: what the images run with ({@code docker/jvm.options}, which gives the reasons), and
   * the heap that a pod of half a gigabyte has. No compiler is switched off, for the load is measured.
   */
  static final List<String> SERVICE_ARGUMENTS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:SurvivorRatio=3",
      "-XX:+UseCompactObjectHeaders", "-XX:MaxInlineLevel=30", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData",
      "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private static final long EXTRACT_SECONDS = 120;

  private final Installation installation;
  private final Map<App, Path> directories = new EnumMap<>(App.class);

  public LaunchPreparation(Installation installation) {
    this.installation = installation;
  }

  /** The plain fat jar, as a user would start it who has read nothing. */
  public Launch fatJar(App app) throws ClusterFailure {
    return new Launch(List.of(), built(app));
  }

  /** The jar taken apart, and nothing else. */
  public Launch extracted(App app) throws ClusterFailure {
    return new Launch(List.of(), directory(app).resolve("application").resolve(app.module() + ".jar"));
  }

  /** The way the lab's clusters start: taken apart, with the services' arguments, and the cache where there is one. */
  @Override
  public Launch of(App app, String variant, String node) throws ClusterFailure {
    List<String> arguments = new ArrayList<>(SERVICE_ARGUMENTS);
    if (isTrained(app, variant)) {
      arguments.add("-XX:AOTCache=" + cache(app, variant));
      // A cache that this machine cannot use costs time, not the run: the log says so.
      arguments.add("-XX:AOTMode=auto");
    }
    return new Launch(arguments, extracted(app).jar());
  }

  /** Whether there is a cache for this application as it is now. */
  public boolean isTrained(App app, String variant) throws ClusterFailure {
    return Files.isRegularFile(cache(app, variant));
  }

  /** The way to start a training run, which writes its cache to {@link #trained} when it ends. */
  public Launch training(App app, String variant) throws ClusterFailure {
    List<String> arguments = new ArrayList<>(SERVICE_ARGUMENTS);
    arguments.add("-XX:AOTCacheOutput=" + trained(app, variant));
    // What cannot be cached is told in hundreds of lines, under which the last words of a failure would be lost.
    arguments.add("-Xlog:aot=error");
    return new Launch(arguments, extracted(app).jar());
  }

  Path trained(App app, String variant) throws ClusterFailure {
    return directory(app).resolve(variant + ".aot.new");
  }

  /** Removes what a training run that failed may have left. */
  public void discard(App app, String variant) throws ClusterFailure {
    try {
      Path written = trained(app, variant);
      Files.deleteIfExists(written);
      Files.deleteIfExists(written.resolveSibling(written.getFileName() + ".config"));
    } catch (IOException e) {
      throw new ClusterFailure("cannot remove a part of an AOT cache: " + e.getMessage(), e);
    }
  }

  /** Puts a cache that a training run wrote whole to where {@link #of} finds it; false where it wrote none. */
  public boolean adopt(App app, String variant) throws ClusterFailure {
    try {
      Path written = trained(app, variant);
      if (!Files.isRegularFile(written)) {
        return false;
      }
      Files.move(written, cache(app, variant), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      throw new ClusterFailure("cannot keep the AOT cache of " + app.module() + ": " + e.getMessage(), e);
    }
  }

  private Path cache(App app, String variant) throws ClusterFailure {
    return directory(app).resolve(variant + ".aot");
  }

  private Path built(App app) throws ClusterFailure {
    Path jar = installation.jar(app);
    if (!Files.isRegularFile(jar)) {
      throw new ClusterFailure(app.module() + " is not built (" + jar + "); ./statecraft builds it, or mvn package");
    }
    return jar;
  }

  private synchronized Path directory(App app) throws ClusterFailure {
    Path known = directories.get(app);
    if (known != null) {
      return known;
    }
    built(app);
    String prefix = app.module() + "-";
    Path directory = installation.prepared().resolve(
        prefix + installation.fingerprint(app) + "-" + Integer.toHexString(SERVICE_ARGUMENTS.hashCode()));
    try {
      Files.createDirectories(installation.prepared());
      if (!Files.isDirectory(directory.resolve("application"))) {
        removeOld(prefix);
        extract(app, directory);
      }
    } catch (IOException e) {
      throw new ClusterFailure("cannot take " + app.module() + " apart: " + e.getMessage(), e);
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
    if (!process.waitFor(EXTRACT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(Files.readString(log).strip());
    }
    Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
  }
}
