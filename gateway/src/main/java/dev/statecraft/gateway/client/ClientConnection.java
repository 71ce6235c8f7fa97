package dev.statecraft.gateway.client;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Objects;

/**
 * The connection of a client, as its current exchange sees it. It knows what the exchange holds and how long the client
 * has kept the gateway waiting. So if a resource is exhausted, the exchange whose client is slowest can be ended for
 * the sake of the others.
 */
public interface ClientConnection {
  /** The attribute of a client's channel. */
  AttributeKey<ClientConnection> KEY = AttributeKey.valueOf("statecraft.clientConnection");

  /** Name of the handler that keeps received bytes. If it is removed, it passes them on to the next handler. */
  String THROTTLE = "statecraft.decodeThrottle";

  /** Name of the handler that rejects what breaks the rules; those after it see valid requests only. */
  String GUARD = "statecraft.clientConnectionGuard";

  /** For a channel that has none: nothing is ever reclaimed. */
  ClientConnection NONE = new ClientConnection() {
    @Override
    public void hold(Lease lease) {
      // Nothing ends the exchange for the sake of others.
    }

    @Override
    public boolean reclaim(Object resource) {
      return false;
    }
  };

  /** Returns the client connection of a channel. */
  static ClientConnection of(Channel channel) {
    return Objects.requireNonNullElse(channel.attr(KEY).get(), NONE);
  }

  /**
   * Records that the exchange holds a lease. It is given back when the exchange ends, at the latest. Thread-safe.
   */
  void hold(Lease lease);

  /**
   * Records that the exchange holds a share of a resource, as {@link #hold(Lease)} does.
   *
   * @param giveBack is run once
   */
  default Lease hold(Object resource, Runnable giveBack) {
    Lease lease = new Lease(resource, giveBack);
    hold(lease);
    return lease;
  }

  /**
   * Ends an exchange that holds a share of the resource and waits for its client: the one that has waited longest in
   * relation to the bytes moved. If there is one on this event loop, its leases are given back before this method
   * returns. Otherwise other event loops end one soon.
   *
   * @return whether an exchange was ended
   */
  boolean reclaim(Object resource);
}
