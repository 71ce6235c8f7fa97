package dev.statecraft.gateway.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/** What the current exchange of one connection holds. Thread-safe. */
final class LeaseSet {
  @GuardedBy("this")
  private final List<Lease> leases = new ArrayList<>(2);
  @GuardedBy("this")
  private boolean closed;

  /** Adds a lease. If the connection is closed, gives it back. */
  void add(Lease lease) {
    boolean added;
    synchronized (this) {
      leases.removeIf(Lease::isGivenBack);
      added = !closed && leases.add(lease);
    }
    if (!added) {
      lease.giveBack();
    }
  }

  synchronized boolean holds(Object resource) {
    for (Lease lease : leases) {
      if (lease.isOf(resource)) {
        return true;
      }
    }
    return false;
  }

  /** Gives all leases back, also those that are added later. */
  void close() {
    List<Lease> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(leases);
      leases.clear();
    }
    all.forEach(Lease::giveBack);
  }
}
