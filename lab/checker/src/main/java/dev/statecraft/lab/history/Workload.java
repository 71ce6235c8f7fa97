package dev.statecraft.lab.history;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kind of users that a load simulates, besides how often they do what. */
public enum Workload {
  /** Each user has a session of its own and asks one thing at a time. */
  SHOPPING,
  /** Three tabs of one browser share a session and its cookies, and ask at the same time. */
  TABS,
  /**
   * As {@link #TABS}, but any tab may rotate the session id or log out while the others have calls under way, and now
   * and then one of them comes back with an id that is dead.
   */
  RACES,
  /**
   * As {@link #TABS}, with small carts that all tabs try to reserve, pay and ship at once, and now and then to cancel.
   */
  CHECKOUT,
  /** As {@link #SHOPPING}, with sessions that live so short that every other pause of a user may end one. */
  EXPIRY,
  /** As {@link #SHOPPING}, with items so long that a cart soon outgrows what a cookie can hold. */
  LARGE;

  /** The name that {@code --workload} takes and the history records. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The workload of that name, if there is one. */
  public static Optional<Workload> named(String id) {
    return Arrays.stream(values()).filter(workload -> workload.id().equals(id)).findFirst();
  }

  /** Whether several clients share a session and its cookies. */
  public boolean sharesSessions() {
    return this == TABS || this == RACES || this == CHECKOUT;
  }
}
