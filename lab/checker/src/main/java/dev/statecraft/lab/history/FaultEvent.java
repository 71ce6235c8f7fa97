package dev.statecraft.lab.history;

/**
 * A fault as the lab injected it; times as in {@link Operation}.
 *
 * @param kind the name that {@code --faults} takes, such as {@code kill}
 * @param target the node that was hit
 * @param began when the fault was injected
 * @param ended when its cause was gone (the node was started again), or -1 where it never was
 */
public record FaultEvent(String kind, String target, long began, long ended) {}
