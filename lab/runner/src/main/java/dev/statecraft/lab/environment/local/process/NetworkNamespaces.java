package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Places that can be cut off from each other, each a network namespace with an address of its own, joined by a router
 * that is a namespace too. What goes from one place to another can be made to vanish in the router without a word, as
 * in a real partition: nobody is refused and no connection breaks. This process and all others of the machine reach
 * every place at any time. It needs Linux, root and iproute2; {@link Processes} removes the namespaces when it ends, or
 * when this process has been killed. Thread-safe.
 */
public final class NetworkNamespaces {
  private static final String NAMESPACES = "/run/netns/";
  private static final String ROUTER = "router";
  /** Set aside for tests of network devices (RFC 2544), so that nobody's machines are there. */
  private static final String RANGE = "198.18.";
  private static final int MAX_PLACES = 62;
  private static final int ATTEMPTS = 20;
  private static @Nullable String unsupportedReason;
  private static boolean tried;

  private final Processes processes;
  private final String run;
  private final String subnet;
  private final Map<String, ProcessEndpoint> places = new LinkedHashMap<>();
  private final List<String> cuts = new ArrayList<>();

  /**
   * A network without places.
   *
   * @param processes what removes it in the end
   */
  public NetworkNamespaces(Processes processes, RandomGenerator random) throws IOException, InterruptedException {
    this.processes = processes;
    this.run = String.format("%06x", random.nextInt(1 << 24));
    this.subnet = freeSubnet(random);
    String link = "sc-" + run;
    namespace(ROUTER);
    ip(List.of(), "link add " + link + " type veth peer name lab netns " + name(ROUTER),
        "addr add " + subnet + "2/30 dev " + link, "link set " + link + " up");
    ip(List.of("-n", name(ROUTER)), "addr add " + subnet + "1/30 dev lab", "link set lab up");
    ip(List.of(), "route add " + subnet + "0/24 via " + subnet + "1");
    CommandRunner.run(null, enter(ROUTER, List.of("/bin/sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")));
  }

  /** Why there can be no such network on this machine, in words; empty where there can. Tried once. */
  public static synchronized Optional<String> unsupportedReason() {
    if (!tried) {
      tried = true;
      unsupportedReason = tryOut();
    }
    return Optional.ofNullable(unsupportedReason);
  }

  private static @Nullable String tryOut() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return "partitions need Linux's network namespaces";
    }
    if (tool("ip").isEmpty() || tool("nsenter").isEmpty()) {
      return "partitions need the commands ip (iproute2) and nsenter (util-linux)";
    }
    try (Processes processes = new Processes()) {
      NetworkNamespaces network = new NetworkNamespaces(processes, new SplittableRandom());
      network.join("one");
      network.join("other");
      network.cut("one", "other");
      return null;
    } catch (IOException e) {
      return "partitions need network namespaces, which only root may make: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "it was interrupted";
    }
  }

  /** The place of that name, made where it is not there yet. */
  public synchronized ProcessEndpoint join(String place) throws IOException, InterruptedException {
    ProcessEndpoint known = places.get(place);
    if (known != null) {
      return known;
    }
    int number = places.size() + 1;
    if (number > MAX_PLACES) {
      throw new IOException("more than " + MAX_PLACES + " places");
    }
    String here = subnet + (4 * number + 2);
    String gate = subnet + (4 * number + 1);
    namespace(place);
    ip(List.of("-n", name(ROUTER)), "link add p" + number + " type veth peer name eth0 netns " + name(place),
        "addr add " + gate + "/30 dev p" + number, "link set p" + number + " up");
    ip(List.of("-n", name(place)), "link set lo up", "addr add " + here + "/30 dev eth0", "link set eth0 up",
        "route add default via " + gate);
    ProcessEndpoint made = new ProcessEndpoint(here, enter(place, List.of()));
    places.put(place, made);
    return made;
  }

  /** From now on nothing that one place sends arrives at the other. */
  public synchronized void cut(String from, String to) throws IOException, InterruptedException {
    String rule = "from " + address(from) + " to " + address(to) + " blackhole";
    ip(List.of("-n", name(ROUTER)), "rule add " + rule);
    cuts.add(rule);
  }

  /** Undoes every cut. */
  public synchronized void reconnect() throws IOException, InterruptedException {
    if (!cuts.isEmpty()) {
      ip(List.of("-n", name(ROUTER)), cuts.stream().map(rule -> "rule del " + rule).toArray(String[]::new));
      cuts.clear();
    }
  }

  private String address(String place) {
    return Objects.requireNonNull(places.get(place), place).address();
  }

  private String name(String place) {
    return "statecraft-" + run + "-" + place;
  }

  private void namespace(String place) throws IOException, InterruptedException {
    // Told first: a name that is not there is passed over, one that nobody knows would stay.
    processes.removeInTheEnd(name(place));
    ip(List.of(), "netns add " + name(place));
    ip(List.of("-n", name(place)), "link set lo up");
  }

  private List<String> enter(String place, List<String> command) throws IOException {
    List<String> entry = new ArrayList<>(List.of(toolOrFail("nsenter"), "--net=" + NAMESPACES + name(place)));
    entry.addAll(command);
    return entry;
  }

  private static String freeSubnet(RandomGenerator random) throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String subnet = RANGE + random.nextInt(256) + ".";
      if (CommandRunner.run(null, List.of(toolOrFail("ip"), "-4", "route", "show", "root", subnet + "0/24"))
          .isBlank()) {
        return subnet;
      }
    }
    throw new IOException("no network of " + RANGE + "0.0/16 is free");
  }

  /** Runs commands of ip, all of them or none after the first that fails. */
  private static void ip(List<String> options, String... commands) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(toolOrFail("ip")));
    command.addAll(options);
    command.addAll(List.of("-batch", "-"));
    CommandRunner.run(String.join("\n", commands) + "\n", command);
  }

  private static String toolOrFail(String name) throws IOException {
    return tool(name).orElseThrow(() -> new IOException("there is no command " + name)).toString();
  }

  /** Also where administrators' commands are not in the path. */
  private static Optional<Path> tool(String name) {
    return Stream
        .concat(Arrays.stream(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1)),
            Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
        .filter(directory -> !directory.isEmpty()).map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable).findFirst();
  }
}
