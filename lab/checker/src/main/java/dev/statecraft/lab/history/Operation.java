package dev.statecraft.lab.history;

import org.jspecify.annotations.Nullable;

/**
 * One call of one client, recorded by the client. Times are nanoseconds since the start of the run, from one monotonic
 * clock, so that they order the operations of all clients.
 *
 * @param id position in the schedule; unique in a history
 * @param client the simulated client, which has at most one call in flight
 * @param session the client's name for the session that the call used or opened
 * @param call the kind of call
 * @param item the item of an {@link Call#ADD}, the step of a {@link Call#CHECKOUT}, otherwise null
 * @param scheduled when the call was due in the open-loop schedule; latency counts from here
 * @param invoked when the client started to send
 * @param completed when the client had read the whole answer, or gave up
 * @param outcome what the client knows about the effect
 * @param servedBy {@code X-Served-By} of the answer; null if absent
 * @param generation the number of rotations before the session id that the call carried (0: the id from the login);
 * null if the call carried the client's newest id
 */
public record Operation(long id, int client, String session, Call call, @Nullable String item, long scheduled,
    long invoked, long completed, Outcome outcome, @Nullable String servedBy, @Nullable Integer generation) {
  /** Makes an operation that carried the newest session id of its client. */
  public Operation(long id, int client, String session, Call call, @Nullable String item, long scheduled, long invoked,
      long completed, Outcome outcome, @Nullable String servedBy) {
    this(id, client, session, call, item, scheduled, invoked, completed, outcome, servedBy, null);
  }

  /** The same operation with all times earlier by {@code nanos}. */
  public Operation earlier(long nanos) {
    return new Operation(id, client, session, call, item, scheduled - nanos, invoked - nanos, completed - nanos,
        outcome,
        servedBy, generation);
  }

  /** The calls of the stateful service. */
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
