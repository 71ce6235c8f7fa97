package dev.statecraft.lab.load;

/**
 * One request and what became of it, in nanoseconds since measuring began; negative during the warm-up.
 *
 * @param due when it should have been sent
 * @param sent when it was; where it never was, when it was given up
 * @param over when its answer was complete, or was given up
 * @param status the answer's HTTP status, or 0 where none came
 */
public record Exchange(long due, long sent, long over, int status) {}
