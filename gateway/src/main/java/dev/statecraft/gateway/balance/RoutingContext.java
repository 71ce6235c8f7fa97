package dev.statecraft.gateway.balance;

import dev.statecraft.gateway.health.FailureCause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What balancing rules and affinity know about one request, and the nodes that it has tried. Confined to one request;
 * not thread-safe.
 */
public final class RoutingContext {
  /**
   * An attempt that a node failed.
   *
   * @param nanos how long the node had
   * @param counted whether the failure has been counted against the node
   * @param proven whether it is known that no client caused it
   */
  record FailedAttempt(Node node, FailureCause cause, long nanos, boolean counted, boolean proven) {}

  private final String method;
  private final String clientAddress;
  private final String clientNetwork;
  private final String target;
  private final Function<String, @Nullable String> headers;
  private List<Node> tried = List.of();
  private List<FailedAttempt> failedAttempts = List.of();
  private @Nullable String user;
  private boolean headReceived;
  private long attemptStartedAt;
  private long answeredAt;

  /**
   * Makes the context of a request that has tried no node.
   *
   * @param target path and query as sent to the service
   * @param clientAddress address of the client, from the connection or from a trusted proxy
   * @param clientNetwork identifies the client
   * @param headers returns the first value of a header, or null
   */
  public RoutingContext(String method, String target, String clientAddress, String clientNetwork,
      Function<String, @Nullable String> headers) {
    this.method = method;
    this.clientAddress = clientAddress;
    this.clientNetwork = clientNetwork;
    this.target = target;
    this.headers = headers;
  }

  public String clientAddress() {
    return clientAddress;
  }

  /** Returns what identifies the client: its IPv4 address or IPv6 network. */
  public String clientNetwork() {
    return clientNetwork;
  }

  /** Returns a number that is the same for all requests of the client, and almost always differs for others. */
  int clientHash() {
    return clientNetwork.hashCode();
  }

  /** Returns a number that is the same for equal requests of the client: with the same method, path and query. */
  int requestHash() {
    return 31 * (31 * clientNetwork.hashCode() + method.hashCode()) + target.hashCode();
  }

  public String target() {
    return target;
  }

  /** Returns the first value of a request header, or null. */
  public @Nullable String header(String name) {
    return headers.apply(name);
  }

  /** Returns the pseudonym of the user; null if it is unknown or not needed. */
  public @Nullable String user() {
    return user;
  }

  /** Sets the pseudonym of the user. */
  public void user(String pseudonym) {
    user = pseudonym;
  }

  /** Returns when the last attempt was answered or failed, on the clock of {@link System#nanoTime()}. */
  public long answeredAt() {
    return answeredAt;
  }

  /** Records when the last attempt received response headers, or failed. */
  public void answered(long nanoTime) {
    answeredAt = nanoTime;
  }

  /** Returns the nodes that this request has tried, in order. */
  public List<Node> tried() {
    return tried;
  }

  /** Returns the attempts that failed, in order. */
  List<FailedAttempt> failedAttempts() {
    return failedAttempts;
  }

  void addFailed(FailedAttempt failed) {
    List<FailedAttempt> more = new ArrayList<>(failedAttempts);
    more.add(failed);
    failedAttempts = more;
  }

  /** Tells whether the last attempt received the head of an answer that is passed on. */
  boolean isHeadReceived() {
    return headReceived;
  }

  void headReceived() {
    headReceived = true;
  }

  /** Records that a node was not tried, because its circuit is open. It is not chosen again for this request. */
  public void skip(Node node) {
    List<Node> more = new ArrayList<>(tried);
    more.add(node);
    tried = more;
  }

  /** Returns when the last attempt began, on the clock of {@link System#nanoTime()}. */
  public long attemptStartedAt() {
    return attemptStartedAt;
  }

  /** Records the start of an attempt on {@code node}. The node is not chosen again for this request. */
  public void addTried(Node node, long nanoTime) {
    headReceived = false;
    attemptStartedAt = nanoTime;
    answeredAt = nanoTime;
    if (tried.isEmpty()) {
      tried = List.of(node);
    } else {
      skip(node);
    }
  }
}
