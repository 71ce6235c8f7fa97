package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Caches of the classes that an application loads until it is ready to serve (JEP 483), one for each application and
 * test process. Tests start the same application many times. Thread-safe.
 */
final class StartCaches {
  private static final long TIMEOUT_SECONDS = 180;
  private static final Map<App, List<String>> SETTINGS = Map.of(
      App.STATEFUL, List.of("--statecraft.session.strategy=affinity"),
      App.GATEWAY, List.of("--statecraft.gateway.routes.shop.prefix=/shop",
          "--statecraft.gateway.routes.shop.nodes.one=http://127.0.0.1:1"));
  private static final Map<App, Path> CACHES = new EnumMap<>(App.class);

  private StartCaches() {}

  /** The same launch with the cache of the application, which this starts once to write it. */
  static Launch use(App app, Launch launch, Path java) throws ClusterFailure {
    List<String> arguments = new ArrayList<>(launch.jvmArguments());
    synchronized (CACHES) {
      Path cache = CACHES.get(app);
      if (cache == null) {
        cache = write(app, launch, java);
        CACHES.put(app, cache);
      }
      arguments.add("-XX:AOTCache=" + cache);
    }
    return new Launch(arguments, launch.jar(), launch.more());
  }

  private static Path write(App app, Launch launch, Path java) throws ClusterFailure {
    Path cache = launch.jar().resolveSibling("start-" + ProcessHandle.current().pid() + ".aot");
    cache.toFile().deleteOnExit();
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(launch.jvmArguments());
    command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot=error", "-Dspring.context.exit=onRefresh", "-jar",
        launch.jar().toString(), "--server.port=0"));
    command.addAll(Objects.requireNonNull(SETTINGS.get(app)));
    Path log = cache.resolveSibling(cache.getFileName() + ".log");
    log.toFile().deleteOnExit();
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      try {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw new ClusterFailure("cannot write the start cache of " + app.module() + ": " + Files.readString(log));
        }
        return cache;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new ClusterFailure("cannot write the start cache of " + app.module() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterFailure("interrupted", e);
    }
  }
}
