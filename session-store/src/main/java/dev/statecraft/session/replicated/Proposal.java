package dev.statecraft.session.replicated;

/**
 * A command on its way into the log, with what it takes to carry it out once even where it is sent more than once.
 *
 * @param origin the run of the node that proposes; random, new at each start
 * @param sequence number of the request at that origin; an attempt that is repeated keeps it
 * @param oldestOpen the origin waits for no request below this one any more
 * @param basis the index that the origin had applied when the request began
 */
record Proposal(long origin, long sequence, long oldestOpen, long basis, Command command) {}
