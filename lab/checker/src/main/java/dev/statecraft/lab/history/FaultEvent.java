package dev.statecraft.lab.history;

/**
 * An injected fault. Times are as in {@link Operation}.
 *
 * @param kind the name that {@code --faults} takes, such as {@code kill}
 * @param target the node or process that the fault was injected into
 * @param began when the fault was injected
 * @param ended when the fault was healed, for example the node was restarted; -1 if it was not
 */
public record FaultEvent(String kind, String target, long began, long ended) {}
