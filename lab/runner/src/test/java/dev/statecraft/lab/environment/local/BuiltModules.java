package dev.statecraft.lab.environment.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.Launch;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The other modules, which a whole build makes before it comes to the lab. A test that needs them is skipped without.
 */
public final class BuiltModules {
  private final Installation installation = Installation.ofThisProcess();
  private final LaunchPreparation preparation = new LaunchPreparation(installation);

  void assumeBuilt() {
    assumeBuilt(App.STATEFUL, App.GATEWAY);
  }

  /** Skips the test where one of these is missing. */
  public void assumeBuilt(App... apps) {
    for (App app : apps) {
      assumeTrue(Files.exists(jar(app)), () -> app.module() + " is not built; mvn verify builds all");
    }
  }

  /** A cluster of their fat jars. */
  LocalCluster start(ClusterPlan plan) throws ClusterFailure, InterruptedException {
    return start(plan, (app, _, _) -> fatJar(app));
  }

  LocalCluster start(ClusterPlan plan, LaunchProvider launches) throws ClusterFailure, InterruptedException {
    return LocalCluster.start(plan, installation.java(), launches);
  }

  Launch fatJar(App app) throws ClusterFailure {
    return preparation.fatJar(app);
  }

  Path jar(App app) {
    return installation.jar(app);
  }
}
