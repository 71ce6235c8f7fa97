package dev.statecraft.lab.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a process listens, and how it is put there.
 *
 * @param address that others reach it at
 * @param entry what comes before its command
 */
record Place(String address, List<String> entry) {
  /** With all others, on the loopback. */
  static final Place LOOPBACK = new Place("127.0.0.1", List.of());

  Place {
    entry = List.copyOf(entry);
  }

  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(entry);
    whole.addAll(command);
    return whole;
  }

  /** The same place, where a command is preceded by still more. */
  Place before(List<String> more) {
    return new Place(address, command(more));
  }

  String with(int port) {
    return address + ":" + port;
  }
}
