package dev.statecraft.gateway.settings;

import java.util.Map;

/**
 * Settings by node. A key is the name of a node, or ends with {@code *} and means all nodes whose names begin with what
 * is before it: the names of pods of a Deployment are not known in advance.
 */
public final class NodeNames {
  private static final String ANY = "*";

  private NodeNames() {}

  /** Returns the value of the node: by its name, or else by the longest beginning of it. */
  public static <T> T find(Map<String, T> byNode, String name, T otherwise) {
    T value = byNode.get(name);
    if (value != null) {
      return value;
    }
    T found = otherwise;
    int longest = 0;
    for (Map.Entry<String, T> entry : byNode.entrySet()) {
      if (entry.getKey().length() > longest && entry.getKey().endsWith(ANY) && matches(entry.getKey(), name)) {
        longest = entry.getKey().length();
        found = entry.getValue();
      }
    }
    return found;
  }

  /** Tells whether a key means the node. */
  static boolean matches(String key, String name) {
    return key.endsWith(ANY) ? name.startsWith(key.substring(0, key.length() - 1)) : key.equals(name);
  }
}
