package dev.statecraft.session.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Names and free loopback ports of the members of a cluster. */
public final class LoopbackMembers {
  private final List<Integer> ports = new ArrayList<>();

  public LoopbackMembers(int size) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < size; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        ports.add(sockets.getLast().getLocalPort());
      }
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<String> names() {
    return IntStream.rangeClosed(1, ports.size()).mapToObj(number -> "n" + number).toList();
  }

  /** The entries {@code name=host:port}. */
  public String list() {
    return IntStream
        .range(0, ports.size())
        .mapToObj(index -> names().get(index) + "=127.0.0.1:" + ports.get(index))
        .collect(Collectors.joining(","));
  }
}
