package dev.statecraft.gateway.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What balancing rules and affinity know about one request, and the nodes that it has tried. Confined to one request;
 * not thread-safe.
 */
public final class RoutingContext {
  private final String clientAddress;
  private final String target;
  private final Function<String, @Nullable String> headers;
  private List<Node> tried = List.of();
  private @Nullable String user;
  private long attemptStartedAt;
  private long answeredAt;

  /**
   * Makes the context of a request that has tried no node.
   *
   * @param clientAddress address of the client, from the connection or from a trusted proxy
   * @param target path and query as sent to the service
   * @param headers returns the first value of a header, or null
   */
  public RoutingContext(String clientAddress, String target, Function<String, @Nullable String> headers) {
    this.clientAddress = clientAddress;
    this.target = target;
    this.headers = headers;
  }

  public String clientAddress() {
    return clientAddress;
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

  /** Returns when the last attempt began, on the clock of {@link System#nanoTime()}. */
  public long attemptStartedAt() {
    return attemptStartedAt;
  }

  /** Records the start of an attempt on {@code node}. The node is not chosen again for this request. */
  public void addTried(Node node, long nanoTime) {
    attemptStartedAt = nanoTime;
    answeredAt = nanoTime;
    if (tried.isEmpty()) {
      tried = List.of(node);
    } else {
      List<Node> more = new ArrayList<>(tried);
      more.add(node);
      tried = more;
    }
  }
}
