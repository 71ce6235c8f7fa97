package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.Probe;
import dev.statecraft.lab.environment.local.launch.App;
import dev.statecraft.lab.environment.local.process.CompilerThreads;
import dev.statecraft.lab.environment.local.process.CpuPartition;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Ports;
import dev.statecraft.lab.environment.local.process.ProcessEndpoint;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import dev.statecraft.lab.environment.local.process.ProcessUsage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One service without a gateway, as a process of this machine that ends with {@link #close}. Thread-safe. */
public final class StandaloneService implements AutoCloseable {
  private static final long RESPONSIVE_MILLIS = 250;
  private static final long POLL_MILLIS = 50;

  private final ProcessGroup processes;
  private final Node node;

  private StandaloneService(ProcessGroup processes, Node node) {
    this.processes = processes;
    this.node = node;
  }

  /**
   * Starts a service and waits until it is ready.
   *
   * @param settings its properties besides its name and port, by its own URL
   * @param partition says which processors it may use
   * @param log where its output goes; replaced where it exists
   */
  public static StandaloneService start(App app, Function<URI, Map<String, String>> settings, Launch launch,
      CpuPartition partition, Path java, Path log) throws ClusterFailure, InterruptedException {
    ProcessGroup processes = null;
    try {
      processes = new ProcessGroup();
      int port = new Ports(new SplittableRandom()).next();
      String name = log.getFileName().toString().replace(".log", "");
      Map<String, String> properties = new LinkedHashMap<>(new NodeProperties(new SecureRandom()).common(name, port));
      properties.putAll(settings.apply(URI.create("http://127.0.0.1:" + port)));
      Files.createDirectories(log.getParent());
      Files.deleteIfExists(log);
      Node node = processes.node(
          name, ProcessEndpoint.LOOPBACK.before(partition.entry()), port, properties, launch, java, log);
      node.start();
      Readiness.await(node);
      return new StandaloneService(processes, node);
    } catch (IOException e) {
      end(processes);
      throw new ClusterFailure("cannot prepare " + app.module() + ": " + e.getMessage(), e);
    } catch (ClusterFailure | InterruptedException | RuntimeException e) {
      end(processes);
      throw e;
    }
  }

  private static void end(@Nullable ProcessGroup processes) {
    if (processes != null) {
      processes.close();
    }
  }

  /** Where it listens. */
  public URI uri() {
    return node.uri();
  }

  /** What it takes of the machine, or empty where it has died. */
  public Optional<ProcessUsage> usage() {
    return node.process().map(ProcessUsage::of);
  }

  /** What its just-in-time compiler has used since it began, or empty where it has died or the system does not tell. */
  public Optional<Duration> compilerTime() {
    return node.process().flatMap(CompilerThreads::processorTime);
  }

  /**
   * Waits until the service answers promptly, as it does when what was sent before has been dealt with.
   *
   * @return whether it did in time
   */
  public boolean awaitResponsive(Duration longest) throws InterruptedException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < longest.toNanos()) {
      long asked = System.nanoTime();
      if (Probe.get(uri().resolve("/whoami")).isPresent()
          && System.nanoTime() - asked < RESPONSIVE_MILLIS * 1_000_000) {
        return true;
      }
      if (node.process().isEmpty()) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return false;
  }

  @Override
  public void close() {
    processes.close();
  }
}
