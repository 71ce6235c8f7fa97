package dev.statecraft.session.adapter;

import dev.statecraft.session.InvalidSettingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a cluster that find each other by a list.
 *
 * @param named the listed members by name; immutable
 * @param own the address at which this node listens
 */
public record ClusterMembers(Map<String, Address> named, Address own) {
  private static final int MAX_PORT = 65_535;

  /** Host name or IP address, and port. */
  public record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * Parses a list of members.
   *
   * @param prefix prefix of the properties {@code members} and {@code address}, in messages
   * @param members entries {@code name=host:port}, the same on every node
   * @param address the own {@code host:port} of a node that the list does not name
   * @param node the name of this node
   * @throws InvalidSettingException if an entry is malformed, or this node has no address
   */
  public static ClusterMembers parse(String prefix, List<String> members, @Nullable String address, String node) {
    Map<String, Address> named = new LinkedHashMap<>();
    for (String member : members) {
      String[] parts = member.split("=", 2);
      Address listens = parts.length == 2 && !parts[0].isBlank() ? parseAddress(parts[1]) : null;
      if (listens == null || named.put(parts[0].strip(), listens) != null) {
        throw new InvalidSettingException(
            prefix + "members", "has the entry '" + member + "'", "name=host:port, each name once");
      }
    }
    Address own = named.get(node);
    if (own == null) {
      if (address == null) {
        throw new InvalidSettingException(
            prefix + "members",
            "does not name this node, " + node,
            "name=host:port,name=host:port with an entry for each node (statecraft.node is the name), or "
                + prefix + "address=host:port for a node that the list does not name");
      }
      own = parseAddress(address);
      if (own == null) {
        throw new InvalidSettingException(prefix + "address", "is '" + address + "'", "host:port");
      }
    }
    return new ClusterMembers(Map.copyOf(named), own);
  }

  /** Returns null if the text is not host:port. */
  private static @Nullable Address parseAddress(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1).strip());
      return colon < 1 || port < 1 || port > MAX_PORT ? null : new Address(text.substring(0, colon).strip(), port);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
