package dev.statecraft.gateway.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A change of a node's status.
 *
 * @param cause null if the node was admitted
 * @param backOff how long an ejected node stays out at least; zero for any other change
 */
public record StatusChange(NodeStatus from, NodeStatus to, @Nullable FailureCause cause, Duration backOff) {}
