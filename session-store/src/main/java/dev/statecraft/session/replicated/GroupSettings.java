package dev.statecraft.session.replicated;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a member must know to take its place in the group.
 *
 * @param name this member; a key of {@code members}
 * @param members where each member listens for the others; the same on all of them
 * @param directory where this member's identity, log and snapshot are kept
 * @param synchronous whether each append waits for the disk
 * @param logBytes how far the log may grow before a snapshot replaces it, at least
 * @param mayFound whether members whose disks are all empty may found a group
 */
record GroupSettings(
    String name, Map<String, InetSocketAddress> members, Path directory, boolean synchronous, long logBytes,
    boolean mayFound) {
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
