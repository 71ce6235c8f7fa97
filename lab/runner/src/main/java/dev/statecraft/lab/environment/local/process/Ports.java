package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Finds TCP ports that nobody listens on. They lie below the range from which operating systems draw the ports of
 * outgoing connections (32768 on Linux, 49152 elsewhere): a node that is killed and started again must find its port
 * free, and with the cluster's own thousands of connections a port from that range might not be. Not thread-safe.
 */
public final class Ports {
  private static final int FIRST = 15_000;
  private static final int LAST = 32_000;
  private static final int ATTEMPTS = 2_000;

  private final RandomGenerator random;
  private final Set<Integer> given = new HashSet<>();

  /** Ports drawn at random, so that two clusters on one machine seldom try the same. */
  public Ports(RandomGenerator random) {
    this.random = random;
  }

  /**
   * A port that is free now and that this instance has not given before.
   *
   * @throws IOException where none was found
   */
  public int next() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = random.nextInt(FIRST, LAST);
      if (!given.contains(port) && isFree(port)) {
        given.add(port);
        return port;
      }
    }
    throw new IOException("no free TCP port between " + FIRST + " and " + LAST);
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
