package dev.statecraft.gateway.balance;

import java.util.ArrayList;
import java.util.List;

/**
 * What a balancing rule may know of a request, and which nodes have been tried for it. Used by one request, one step after
 * the other; not thread-safe.
 */
public final class RequestFacts {
  private final String clientAddress;
  private final String target;
  private List<Node> tried = List.of();
  private long attemptStartedAt;

  /**
   * Makes the facts of a request that has tried no node.
   *
   * @param clientAddress address of the client, as far as it can be trusted
   * @param target path and query as the service sees them
   */
  public RequestFacts(String clientAddress, String target) {
    this.clientAddress = clientAddress;
    this.target = target;
  }

  public String clientAddress() {
    return clientAddress;
  }

  public String target() {
    return target;
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
    if (tried.isEmpty()) {
      tried = List.of(node);
    } else {
      List<Node> more = new ArrayList<>(tried);
      more.add(node);
      tried = more;
    }
  }
}
