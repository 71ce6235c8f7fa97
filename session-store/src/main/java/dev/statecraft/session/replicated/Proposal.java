package dev.statecraft.session.replicated;

/**
 * A command for the log, with an idempotency key ({@code origin} and {@code sequence}).
 *
 * @param origin random id of the proposing process, new at each start
 * @param sequence number of the request at that origin; a retry keeps it
 * @param oldestOpen lowest sequence number that the origin still waits for
 * @param basis index that the origin had applied when the request began
 */
record Proposal(long origin, long sequence, long oldestOpen, long basis, Command command) {}
