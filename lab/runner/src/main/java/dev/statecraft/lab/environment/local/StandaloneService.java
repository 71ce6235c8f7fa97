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

/** One service without a gateway, as a local process that {@link #close} stops. Thread-safe. */
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
   * @param settings returns the further properties for the service's own URL
   * @param partition selects the CPUs of the service
   * @param log the file for its output, which is replaced
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
      Node node = processes.node(name, ProcessEndpoint.LOOPBACK.prefixedWith(partition.commandPrefix()), port,
          properties, launch, java, log);
      node.start();
      Readiness.await(node);
      return new StandaloneService(processes, node);
    } catch (IOException e) {
      close(processes);
      throw new ClusterFailure("cannot prepare " + app.module() + ": " + e.getMessage(), e);
    } catch (ClusterFailure | InterruptedException | RuntimeException e) {
      close(processes);
      throw e;
    }
  }

  private static void close(@Nullable ProcessGroup processes) {
    if (processes != null) {
      processes.close();
    }
  }

  public URI uri() {
    return node.uri();
  }

  /** The resources that the process uses; empty if it has exited. */
  public Optional<ProcessUsage> usage() {
    return node.process().map(ProcessUsage::of);
  }

  /** The CPU time of its JIT compiler threads; empty if the process has exited or the platform does not report it. */
  public Optional<Duration> compilerTime() {
    return node.process().flatMap(CompilerThreads::processorTime);
  }

  /**
   * Waits until the service answers within 250 ms, which shows that it has worked off earlier requests.
   *
   * @return false if it did not within the timeout, or exited
   */
  public boolean awaitResponsive(Duration timeout) throws InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < timeout.toNanos()) {
      long sent = System.nanoTime();
      if (Probe.get(uri().resolve("/whoami")).isPresent() && System.nanoTime() - sent < RESPONSIVE_MILLIS * 1_000_000) {
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
