package dev.statecraft.session.cookie;

import java.time.Duration;

/**
 * When sessions expire.
 *
 * @param idle initial idle timeout of a session
 * @param absolute time from login to the end of the session, even if it is in use
 * @param lastAccessPersistInterval how old the stored last access must be before a read makes a new cookie
 */
record Lifetime(Duration idle, Duration absolute, Duration lastAccessPersistInterval) {}
