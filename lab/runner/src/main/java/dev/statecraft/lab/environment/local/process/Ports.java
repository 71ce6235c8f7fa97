package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Finds free TCP ports below the ephemeral range, which starts at 32768 on Linux and 49152 elsewhere. A node that
 * restarts needs its port again, and an outgoing connection could have taken an ephemeral one. Not thread-safe.
 */
public final class Ports {
  private static final int MIN_PORT = 15_000;
  private static final int MAX_PORT = 32_000;
  private static final int MAX_ATTEMPTS = 2_000;

  private final RandomGenerator random;
  private final Set<Integer> assigned = new HashSet<>();

  /** Draws ports at random, so that two clusters on one machine rarely try the same. */
  public Ports(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Returns a free port that this instance has not returned before.
   *
   * @throws IOException if none was found
   */
  public int next() throws IOException {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      int port = random.nextInt(MIN_PORT, MAX_PORT);
      if (isFree(port) && assigned.add(port)) {
        return port;
      }
    }
    throw new IOException("no free TCP port between " + MIN_PORT + " and " + MAX_PORT);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
