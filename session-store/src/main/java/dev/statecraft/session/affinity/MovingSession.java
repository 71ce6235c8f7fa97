package dev.statecraft.session.affinity;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A session on its way from one node to another, as it stands on the wire.
 *
 * @param attributes JSON of each value, by its name
 */
record MovingSession(String id, Instant created, Instant lastAccessed, Duration timeout,
    Map<String, byte[]> attributes) {}
