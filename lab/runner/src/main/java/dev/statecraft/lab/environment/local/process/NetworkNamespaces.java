package dev.statecraft.lab.environment.local.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Network namespaces that can be partitioned from each other. Each has its own address and is connected to a router,
 * which is a namespace too. A cut makes the router drop packets silently, as in a real partition: connections are
 * neither refused nor reset. All other processes of the machine reach every namespace at any time. Needs Linux, root
 * and iproute2. {@link Processes} deletes the namespaces on close or when this process is killed. Thread-safe.
 */
public final class NetworkNamespaces {
  private static final String NAMESPACES = "/run/netns/";
  private static final String ROUTER = "router";
  /** Reserved for benchmarks of network devices (RFC 2544), so that no real network uses it. */
  private static final String RANGE = "198.18.";
  private static final int MAX_NAMESPACES = 62;
  private static final int ATTEMPTS = 20;
  private static @Nullable String unsupportedReason;
  private static boolean checked;

  private final Processes processes;
  private final String run;
  private final String subnet;
  @GuardedBy("this")
  private final Map<String, ProcessEndpoint> endpoints = new LinkedHashMap<>();
  @GuardedBy("this")
  private final List<String> cuts = new ArrayList<>();

  /**
   * Creates the router.
   *
   * @param processes deletes the namespaces when it closes
   */
  public NetworkNamespaces(Processes processes, RandomGenerator random) throws IOException, InterruptedException {
    this.processes = processes;
    this.run = String.format("%06x", random.nextInt(1 << 24));
    this.subnet = freeSubnet(random);
    String link = "sc-" + run;
    create(ROUTER);
    ip(List.of(), "link add " + link + " type veth peer name lab netns " + qualified(ROUTER),
        "addr add " + subnet + "2/30 dev " + link, "link set " + link + " up");
    ip(List.of("-n", qualified(ROUTER)), "addr add " + subnet + "1/30 dev lab", "link set lab up");
    ip(List.of(), "route add " + subnet + "0/24 via " + subnet + "1");
    CommandRunner.run(null, enter(ROUTER, List.of("/bin/sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")));
  }

  /** Why this machine does not support it; empty if it does. Checked once by creating two namespaces. */
  public static synchronized Optional<String> unsupportedReason() {
    if (!checked) {
      checked = true;
      unsupportedReason = check();
    }
    return Optional.ofNullable(unsupportedReason);
  }

  private static @Nullable String check() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return "partitions need Linux";
    }
    if (SystemTool.find("ip").isEmpty() || SystemTool.find("nsenter").isEmpty()) {
      return "partitions need the commands ip (iproute2) and nsenter (util-linux)";
    }
    try (Processes processes = new Processes()) {
      NetworkNamespaces network = new NetworkNamespaces(processes, new SplittableRandom());
      network.endpoint("one");
      network.endpoint("other");
      network.cut("one", "other");
      return null;
    } catch (IOException e) {
      return "partitions need network namespaces, which need root: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the check for network namespaces was interrupted";
    }
  }

  /** The endpoint in the namespace of that name, which is created on the first call. */
  public synchronized ProcessEndpoint endpoint(String name) throws IOException, InterruptedException {
    ProcessEndpoint existing = endpoints.get(name);
    if (existing != null) {
      return existing;
    }
    int number = endpoints.size() + 1;
    if (number > MAX_NAMESPACES) {
      throw new IOException("too many network namespaces: at most " + MAX_NAMESPACES);
    }
    String address = subnet + (4 * number + 2);
    String gateway = subnet + (4 * number + 1);
    create(name);
    ip(List.of("-n", qualified(ROUTER)), "link add p" + number + " type veth peer name eth0 netns " + qualified(name),
        "addr add " + gateway + "/30 dev p" + number, "link set p" + number + " up");
    ip(List.of("-n", qualified(name)), "link set lo up", "addr add " + address + "/30 dev eth0", "link set eth0 up",
        "route add default via " + gateway);
    ProcessEndpoint endpoint = new ProcessEndpoint(address, enter(name, List.of()));
    endpoints.put(name, endpoint);
    return endpoint;
  }

  /** Drops every packet from one namespace to another, until {@link #reconnect}. */
  public synchronized void cut(String from, String to) throws IOException, InterruptedException {
    String rule = "from " + address(from) + " to " + address(to) + " blackhole";
    ip(List.of("-n", qualified(ROUTER)), "rule add " + rule);
    cuts.add(rule);
  }

  /** Undoes every cut. */
  public synchronized void reconnect() throws IOException, InterruptedException {
    if (!cuts.isEmpty()) {
      ip(List.of("-n", qualified(ROUTER)), cuts.stream().map(rule -> "rule del " + rule).toArray(String[]::new));
      cuts.clear();
    }
  }

  @GuardedBy("this")
  private String address(String name) {
    return Objects.requireNonNull(endpoints.get(name), name).address();
  }

  private String qualified(String name) {
    return "statecraft-" + run + "-" + name;
  }

  private void create(String name) throws IOException, InterruptedException {
    // Registered first, so that a failure in between leaves no namespace.
    processes.deleteNamespaceOnClose(qualified(name));
    ip(List.of(), "netns add " + qualified(name));
    ip(List.of("-n", qualified(name)), "link set lo up");
  }

  private List<String> enter(String name, List<String> command) throws IOException {
    List<String> whole = new ArrayList<>(List.of(toolOrFail("nsenter"), "--net=" + NAMESPACES + qualified(name)));
    whole.addAll(command);
    return whole;
  }

  private static String freeSubnet(RandomGenerator random) throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String subnet = RANGE + random.nextInt(256) + ".";
      if (CommandRunner.run(null, List.of(toolOrFail("ip"), "-4", "route", "show", "root", subnet + "0/24"))
          .isBlank()) {
        return subnet;
      }
    }
    throw new IOException("no free /24 subnet found in " + RANGE + "0.0/16");
  }

  /** Runs a batch of {@code ip} commands, which stops at the first failure. */
  private static void ip(List<String> options, String... commands) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(toolOrFail("ip")));
    command.addAll(options);
    command.addAll(List.of("-batch", "-"));
    CommandRunner.run(String.join("\n", commands) + "\n", command);
  }

  private static String toolOrFail(String name) throws IOException {
    return SystemTool.find(name).orElseThrow(() -> new IOException("command not found: " + name)).toString();
  }
}
