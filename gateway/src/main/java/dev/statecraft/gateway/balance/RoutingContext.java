package dev.statecraft.gateway.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a balancing rule may know of a request, and which nodes have been tried for it. Used by one request, one step
 * after the other; not thread-safe.
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
   * Makes the facts of a request that has tried no node.
   *
   * @param clientAddress address of the client, as far as it can be trusted
   * @param target path and query as the service sees them
   * @param headers gives the first value of a header, or null
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

  /** Returns the first value of a header of the request, or null. */
  public @Nullable String header(String name) {
    return headers.apply(name);
  }

  /** Returns the pseudonym of the user, where it is known and the route's affinity needs it. */
  public @Nullable String user() {
    return user;
  }

  /** Notes who the user is. */
  public void user(String pseudonym) {
    user = pseudonym;
  }

  /** Returns when the newest attempt was answered or failed, on the clock of {@link System#nanoTime()}. */
  public long answeredAt() {
    return answeredAt;
  }

  /** Notes that the newest attempt got the head of its answer, or failed. */
  public void answered(long nanoTime) {
    answeredAt = nanoTime;
  }

  /** Returns the nodes that were tried for this request, the first one first. */
  public List<Node> tried() {
    return tried;
  }

  /** Returns when the newest attempt began, on the clock of {@link System#nanoTime()}. */
  public long attemptStartedAt() {
    return attemptStartedAt;
  }

  /** Notes that {@code node} is being tried from now on: it will not be chosen again for this request. */
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
