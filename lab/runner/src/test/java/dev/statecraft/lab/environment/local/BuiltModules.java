package dev.statecraft.lab.environment.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The jars of the other modules; skips tests if they are not built. */
public final class BuiltModules {
  /** Of all tests in this process, because it reads the jars. */
  private static final LocalServices SERVICES = LocalServices.find();

  private final Installation installation = SERVICES.installation();
  private final LaunchPreparation preparation = SERVICES.launches();

  /** The services of all tests in this process. */
  public static LocalServices services() {
    return SERVICES;
  }

  void assumeBuilt() {
    assumeBuilt(App.STATEFUL, App.GATEWAY);
  }

  /** Skips the test if one of the jars is missing. */
  public void assumeBuilt(App... apps) {
    for (App app : apps) {
      assumeTrue(Files.exists(jar(app)), () -> app.module() + " is not built: run mvn verify");
    }
  }

  /** Skips the test if a peer is not built. */
  void assumeBuilt(SessionStrategy peer) {
    assumeTrue(Files.isDirectory(peer.jars(installation.home())), () -> peer.id() + " is not built: run mvn verify");
  }

  /**
   * Starts a cluster as the commands do, but without the optimizing compiler and the gateway's warm-up for it, which
   * would not pay in a short test.
   */
  LocalCluster start(ClusterPlan plan) throws ClusterFailure, InterruptedException {
    return start(plan, (app, variant, node) -> {
      Launch launch = preparation.of(app, variant, node);
      List<String> arguments = new ArrayList<>(launch.jvmArguments());
      arguments.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dstatecraft.gateway.failure-warm-up=0"));
      return new Launch(arguments, launch.jar(), launch.more());
    });
  }

  LocalCluster start(ClusterPlan plan, LaunchProvider launches) throws ClusterFailure, InterruptedException {
    return LocalCluster.start(plan, installation.java(), launches);
  }

  Path jar(App app) {
    return installation.jar(app);
  }
}
