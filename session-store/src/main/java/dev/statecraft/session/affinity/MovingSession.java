package dev.statecraft.session.affinity;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A session in a message between nodes.
 *
 * @param attributes JSON of each value by name
 */
record MovingSession(String id, Instant created, Instant lastAccessed, Duration timeout,
    Map<String, byte[]> attributes) {}
