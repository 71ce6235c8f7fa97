package dev.statecraft.gateway.affinity;

import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.Signer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The affinity cookie of one route or service: {@code key.node.epoch.user.signature}. Any gateway with the same keys
 * accepts it.
 *
 * <p>The node's id is an HMAC of its name, so a client learns no host name and cannot make an id. The user is an HMAC
 * too, so nobody who sees a cookie can find its user by trying names. The signature covers the route, so an assignment
 * of one route is invalid at another. Thread-safe.
 */
public final class AffinityCookie {
  public static final String NAME = "STATECRAFT_AFFINITY";
  private static final String PURPOSE = "statecraft/gateway/affinity";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String USER_PURPOSE = "statecraft/gateway/affinity/user";
  private static final int NODE_ID_BYTES = 9;
  private static final int PSEUDONYM_BYTES = 16;
  private static final int PSEUDONYM_CHARS = 22;
  private static final int MAX_VALUE_CHARS = 160;
  private static final int PARTS = 5;
  /** A header has room for 500 cookies, and each takes two microseconds to verify. */
  private static final int MAX_VERIFIED = 50;
  private static final int MAX_CACHED_NODE_IDS = 4096;

  private record NodeKey(String keyId, String nodeName) {}

  private final String routeId;
  private final String name;
  private final String path;
  private final String activeKeyId;
  private final Set<String> keyIds;
  private final Signer signer;
  private final Signer pseudonyms;
  private final Map<NodeKey, String> nodeIds = new ConcurrentHashMap<>();

  /**
   * Makes the cookie of a route.
   *
   * @param path the prefix of the route
   */
  public AffinityCookie(String routeId, String path, KeyRing keys) {
    this(routeId, NAME, path, keys);
  }

  private AffinityCookie(String routeId, String name, String path, KeyRing keys) {
    this.routeId = routeId;
    this.name = name;
    this.path = path;
    this.activeKeyId = keys.activeId();
    this.keyIds = keys.ids();
    this.signer = keys.signer(PURPOSE);
    this.pseudonyms = keys.signer(USER_PURPOSE);
  }

  /**
   * Makes the cookie of a service, which routes with different paths may share. It is valid for all paths, so its name
   * contains that of the service.
   */
  public static AffinityCookie ofService(String serviceId, KeyRing keys) {
    return new AffinityCookie(serviceId, NAME + '_' + serviceId, "", keys);
  }

  public String name() {
    return name;
  }

  /** Tells whether the assignment is to the node. */
  public boolean isAssignedTo(AffinityAssignment assignment, String nodeName) {
    return nodeId(assignment.keyId(), nodeName).equals(assignment.nodeId());
  }

  /** Tells whether {@code nodeId} is the id of the node under any key of the ring. */
  boolean isIdOf(String nodeId, String nodeName) {
    return keyIds.stream().anyMatch(keyId -> nodeId(keyId, nodeName).equals(nodeId));
  }

  /** Returns the id of the node under the active key. */
  String activeNodeId(String nodeName) {
    return nodeId(activeKeyId, nodeName);
  }

  /** Makes an assignment to a node under the active key. */
  public AffinityAssignment assign(String nodeName, int epoch, String user) {
    return new AffinityAssignment(activeKeyId, activeNodeId(nodeName), epoch, user);
  }

  /** Returns the pseudonym of a user under the active key: equal for one user, also on other gateways with the keys. */
  public String pseudonym(String user) {
    byte[] mac = Objects.requireNonNull(
        pseudonyms.mac(activeKeyId, (routeId + '\n' + user).getBytes(StandardCharsets.UTF_8)));
    return BASE64.encodeToString(Arrays.copyOf(mac, PSEUDONYM_BYTES));
  }

  /** Reads the assignment from the {@code Cookie} lines of a request. The first cookie that verifies counts. */
  public AffinityReading read(List<String> cookieLines) {
    List<String> values = CookieHeader.values(cookieLines, name);
    for (String value : values.subList(0, Math.min(values.size(), MAX_VERIFIED))) {
      AffinityAssignment assignment = verify(value);
      if (assignment != null) {
        return new AffinityReading.Verified(assignment);
      }
    }
    return values.isEmpty() ? new AffinityReading.Absent() : new AffinityReading.Unverified();
  }

  /**
   * Returns the {@code Set-Cookie} header of an assignment.
   *
   * @param outerPrefix path before the route's, which proxies in front of the gateway removed; may be empty
   */
  public String toSetCookie(AffinityAssignment assignment, String outerPrefix, boolean secure) {
    String text = assignment.keyId() + '.' + assignment.nodeId() + '.' + assignment.epoch() + '.' + assignment.user();
    String prefix = outerPrefix + path;
    return name + '=' + text + '.' + BASE64.encodeToString(mac(assignment.keyId(), "assignment", text)) + "; Path="
        + (prefix.isEmpty() ? "/" : prefix) + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
  }

  private @Nullable AffinityAssignment verify(String value) {
    String[] parts = value.length() > MAX_VALUE_CHARS ? new String[0] : value.split("\\.", -1);
    if (parts.length != PARTS || !keyIds.contains(parts[0])) {
      return null;
    }
    String text = value.substring(0, value.lastIndexOf('.'));
    byte[] expected = BASE64.encode(mac(parts[0], "assignment", text));
    boolean verified = MessageDigest.isEqual(expected, parts[4].getBytes(StandardCharsets.UTF_8));
    // Earlier builds wrote a shorter hash without a key, which is not passed on.
    String user = parts[3].length() == PSEUDONYM_CHARS ? parts[3] : "";
    return verified ? new AffinityAssignment(parts[0], parts[1], Integer.parseInt(parts[2]), user) : null;
  }

  private String nodeId(String keyId, String nodeName) {
    if (nodeIds.size() > MAX_CACHED_NODE_IDS) {
      nodeIds.clear();
    }
    return nodeIds.computeIfAbsent(new NodeKey(keyId, nodeName),
        key -> BASE64.encodeToString(Arrays.copyOf(mac(keyId, "node", nodeName), NODE_ID_BYTES)));
  }

  private byte[] mac(String keyId, String kind, String text) {
    byte[] mac = signer.mac(keyId, (kind + '\n' + routeId + '\n' + text).getBytes(StandardCharsets.UTF_8));
    if (mac == null) {
      throw new IllegalArgumentException("the key ring has no key " + keyId);
    }
    return mac;
  }
}
