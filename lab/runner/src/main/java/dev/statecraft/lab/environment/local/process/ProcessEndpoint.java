package dev.statecraft.lab.environment.local.process;

import java.util.ArrayList;
import java.util.List;

/**
 * The address of a process and how to start it there.
 *
 * @param address the IP address at which others reach the process
 * @param commandPrefix the words to put before its command
 */
public record ProcessEndpoint(String address, List<String> commandPrefix) {
  public static final ProcessEndpoint LOOPBACK = new ProcessEndpoint("127.0.0.1", List.of());

  public ProcessEndpoint {
    commandPrefix = List.copyOf(commandPrefix);
  }

  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(commandPrefix);
    whole.addAll(command);
    return whole;
  }

  /** The same address with further words in the command prefix. */
  public ProcessEndpoint prefixedWith(List<String> more) {
    return new ProcessEndpoint(address, command(more));
  }

  public String hostAndPort(int port) {
    return address + ":" + port;
  }
}
