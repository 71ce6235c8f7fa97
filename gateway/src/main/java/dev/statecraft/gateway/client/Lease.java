package dev.statecraft.gateway.client;

import java.util.concurrent.atomic.AtomicBoolean;

/** A share of a limited resource that an exchange holds. It can be given back more than once. Thread-safe. */
public final class Lease {
  private final Object resource;
  private final Runnable giveBack;
  private final AtomicBoolean given = new AtomicBoolean();

  /**
   * Makes a lease.
   *
   * @param resource identifies the resource
   * @param giveBack is run once
   */
  public Lease(Object resource, Runnable giveBack) {
    this.resource = resource;
    this.giveBack = giveBack;
  }

  /** Gives the share back, unless that has been done. */
  public void giveBack() {
    if (given.compareAndSet(false, true)) {
      giveBack.run();
    }
  }

  boolean isGivenBack() {
    return given.get();
  }

  boolean isOf(Object other) {
    return resource.equals(other) && !given.get();
  }
}
