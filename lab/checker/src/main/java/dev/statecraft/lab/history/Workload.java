package dev.statecraft.lab.history;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The behaviour of simulated clients, apart from the frequencies of their calls. */
public enum Workload {
  /** Each client has its own session and makes one call at a time. */
  SHOPPING,
  /** Three tabs of a browser share a session and its cookies and make calls concurrently. */
  TABS,
  /** As {@link #TABS}, but a tab may rotate the id or log out during others' calls, and may send a replaced id. */
  RACES,
  /** As {@link #TABS}, with small carts that all tabs concurrently reserve, pay and ship, and sometimes cancel. */
  CHECKOUT,
  /** As {@link #SHOPPING}, with a time-out so short that about every second pause of a client ends its session. */
  EXPIRY,
  /** As {@link #SHOPPING}, with items so long that a cart soon exceeds the size of a cookie. */
  LARGE;

  /** The name that {@code --workload} takes and the history records. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The workload of that name, if there is one. */
  public static Optional<Workload> named(String id) {
    return Arrays.stream(values()).filter(workload -> workload.id().equals(id)).findFirst();
  }

  /** Tells whether several clients share a session and its cookies. */
  public boolean sharesSessions() {
    return this == TABS || this == RACES || this == CHECKOUT;
  }
}
