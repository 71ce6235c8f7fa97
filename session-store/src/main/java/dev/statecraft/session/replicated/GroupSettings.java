package dev.statecraft.session.replicated;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a member must know to take its place in the group.
 *
 * @param name this member; a key of {@code members}
 * @param members where this member and those whom it looks for listen; who else belongs to the group stands in its log
 * @param directory where this member's identity, log and snapshot are kept
 * @param synchronous whether each append waits for the disk
 * @param logBytes how far the log may grow before a snapshot replaces it, at least
 * @param part what it does while it belongs to no group
 * @param leaves whether it has itself taken out of the group when it ends in order
 */
record GroupSettings(
    String name, Map<String, InetSocketAddress> members, Path directory, boolean synchronous, long logBytes,
    Founding.Part part, boolean leaves) {
  GroupSettings {
    members = new TreeMap<>(members);
    if (!members.containsKey(name)) {
      throw new IllegalArgumentException(name + " is not one of " + members.keySet());
    }
  }

  InetSocketAddress address() {
    InetSocketAddress address = members.get(name);
    if (address == null) {
      throw new IllegalStateException(name + " has no address");
    }
    return address;
  }
}
