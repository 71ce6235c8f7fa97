package dev.statecraft.session.affinity;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session in a message between nodes.
 *
 * @param attributes JSON of each value by name
 * @param previousId the id before it was changed last; null if it never was
 */
record MovingSession(String id, Instant created, Instant lastAccessed, Duration timeout,
    Map<String, byte[]> attributes, @Nullable String previousId) {}
