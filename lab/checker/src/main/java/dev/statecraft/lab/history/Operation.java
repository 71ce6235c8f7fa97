package dev.statecraft.lab.history;

import org.jspecify.annotations.Nullable;

/**
 * One call of one client, recorded at the client. Times are nanoseconds since the run began, all from one monotonic
 * clock, so that they order the operations of every client.
 *
 * @param id position in which the operation was scheduled; unique in a history
 * @param client the simulated user, who has at most one call under way
 * @param session the client's own name for the session that the call carried, or that it opens
 * @param call what was asked
 * @param item the item that an {@link Call#ADD} sends, the step that a {@link Call#CHECKOUT} asks for, otherwise null
 * @param scheduled when the open-loop schedule wanted the call sent; latency counts from here
 * @param invoked when the first byte could leave
 * @param completed when the answer was read whole, or the client gave up
 * @param outcome what the client knows
 * @param servedBy the {@code X-Served-By} of the answer, where there was one
 * @param generation how many rotations the session id that the call carried had behind it (0: the id that the login
 * gave), or null where it carried the newest that its client had
 */
public record Operation(long id, int client, String session, Call call, @Nullable String item, long scheduled,
    long invoked, long completed, Outcome outcome, @Nullable String servedBy, @Nullable Integer generation) {

  /** An operation that carried the newest session id that its client had. */
  public Operation(long id, int client, String session, Call call, @Nullable String item, long scheduled, long invoked,
      long completed, Outcome outcome, @Nullable String servedBy) {
    this(id, client, session, call, item, scheduled, invoked, completed, outcome, servedBy, null);
  }

  /** What a client may ask of the stateful service. */
  public enum Call {
    /** {@code POST /session}. */
    LOGIN,
    /** {@code GET /session}. */
    SHOW,
    /** {@code POST /session/rotate}. */
    ROTATE,
    /** {@code DELETE /session}. */
    LOGOUT,
    /** {@code GET /cart}. */
    READ,
    /** {@code POST /cart/items}. */
    ADD,
    /** {@code POST /cart/checkout/STEP}. */
    CHECKOUT
  }
}
