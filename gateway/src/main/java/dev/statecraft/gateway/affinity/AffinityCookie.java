package dev.statecraft.gateway.affinity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The cookie {@code STATECRAFT_AFFINITY} of one route: {@code key.node.epoch.user.signature}.
 *
 * <p>The node's id is an HMAC of its name, so a client learns no host name and cannot make an id of its own; the
 * signature covers the route, so a pin of one route is void at another. One that does not verify is told from one whose
 * key was retired. Thread-safe.
 */
public final class AffinityCookie {
  public static final String NAME = "STATECRAFT_AFFINITY";
  private static final AffinityAssignmentReading NONE = new AffinityAssignmentReading.None();
  private static final AffinityAssignmentReading FORGED = new AffinityAssignmentReading.Forged();
  private static final int NODE_ID_BYTES = 9;
  private static final int LONGEST_VALUE = 160;
  private static final int PARTS = 4;
  private static final int NODES_KEPT = 4096;

  private record NameUnderKey(String keyId, String nodeName) {}

  private final String routeId;
  private final String path;
  private final KeyRing keys;
  private final Map<NameUnderKey, String> nodeIds = new ConcurrentHashMap<>();

  /**
   * Makes the cookie of a route.
   *
   * @param path the prefix under which the route is served
   */
  public AffinityCookie(String routeId, String path, KeyRing keys) {
    this.routeId = routeId;
    this.path = path;
    this.keys = keys;
  }

  /** Returns the id by which {@code pin} would name the node. */
  public String nodeId(AffinityAssignment pin, String nodeName) {
    return nodeId(pin.keyId(), nodeName);
  }

  /** Tells whether {@code nodeId} is what this gateway calls the node, under any of its keys. */
  boolean names(String nodeId, String nodeName) {
    return keys.ids().stream().anyMatch(keyId -> nodeId(keyId, nodeName).equals(nodeId));
  }

  /** Makes a pin to a node, signed by the active key. */
  public AffinityAssignment pin(String nodeName, int epoch, String user) {
    return new AffinityAssignment(keys.activeId(), nodeId(keys.activeId(), nodeName), epoch, user);
  }

  /** Reads the pin from a {@code Cookie} header. */
  public AffinityAssignmentReading read(@Nullable String cookieHeader) {
    String value = cookieHeader == null ? null : CookieHeader.value(cookieHeader, NAME);
    if (value == null) {
      return NONE;
    }
    int signatureAt = value.lastIndexOf('.');
    String[] parts = signatureAt < 0 || value.length() > LONGEST_VALUE
        ? new String[0]
        : value.substring(0, signatureAt).split("\\.", -1);
    if (parts.length != PARTS || parts[0].isEmpty()) {
      return FORGED;
    }
    String expected = signature(parts[0], value.substring(0, signatureAt));
    if (expected == null) {
      return NONE;
    }
    boolean sound = MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
        value.substring(signatureAt + 1).getBytes(StandardCharsets.UTF_8));
    return sound
        ? new AffinityAssignmentReading.Valid(
            new AffinityAssignment(parts[0], parts[1], Integer.parseInt(parts[2]), parts[3]))
        : FORGED;
  }

  /** Returns the {@code Set-Cookie} header by which a client forgets its pin. */
  public String clear() {
    return NAME + "=; Path=" + path + "; Max-Age=0; HttpOnly; SameSite=Lax";
  }

  /** Returns the {@code Set-Cookie} header that gives {@code pin} to a client. */
  public String write(AffinityAssignment pin, boolean secure) {
    String text = pin.keyId() + '.' + pin.nodeId() + '.' + pin.epoch() + '.' + pin.user();
    return NAME + '=' + text + '.' + signature(pin.keyId(), text) + "; Path=" + path + "; HttpOnly; SameSite=Lax"
        + (secure ? "; Secure" : "");
  }

  private @Nullable String signature(String keyId, String text) {
    byte[] signature = keys.sign(keyId, "pin\n" + routeId + '\n' + text);
    return signature == null ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }

  private String nodeId(String keyId, String nodeName) {
    if (nodeIds.size() > NODES_KEPT) {
      nodeIds.clear();
    }
    return nodeIds.computeIfAbsent(new NameUnderKey(keyId, nodeName), name -> {
      byte[] mac = keys.sign(keyId, "node\n" + routeId + '\n' + nodeName);
      if (mac == null) {
        throw new IllegalArgumentException("no key " + keyId);
      }
      byte[] id = Arrays.copyOf(mac, NODE_ID_BYTES);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    });
  }
}
