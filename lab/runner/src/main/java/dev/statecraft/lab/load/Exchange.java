package dev.statecraft.lab.load;

/**
 * One request and its result. Times are in nanoseconds since measuring began; negative during the warm-up.
 *
 * @param due when the request was scheduled
 * @param sent when it was sent, or abandoned if it never was
 * @param ended when its answer was complete, or it was abandoned
 * @param status the HTTP status of the answer; 0 without an answer
 */
public record Exchange(long due, long sent, long ended, int status) {}
