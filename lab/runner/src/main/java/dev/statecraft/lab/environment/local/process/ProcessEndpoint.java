package dev.statecraft.lab.environment.local.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a process listens, and how it is put there.
 *
 * @param address that others reach it at
 * @param entry what comes before its command
 */
public record ProcessEndpoint(String address, List<String> entry) {
  /** With all others, on the loopback. */
  public static final ProcessEndpoint LOOPBACK = new ProcessEndpoint("127.0.0.1", List.of());

  public ProcessEndpoint {
    entry = List.copyOf(entry);
  }

  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(entry);
    whole.addAll(command);
    return whole;
  }

  /** The same place, where a command is preceded by still more. */
  public ProcessEndpoint before(List<String> more) {
    return new ProcessEndpoint(address, command(more));
  }

  public String with(int port) {
    return address + ":" + port;
  }
}
