package dev.statecraft.session.cookie;

import java.time.Duration;

/**
 * When sessions end.
 *
 * @param idle how long a new session may idle
 * @param absolute how long after its login it ends in any case
 * @param touchAfter how old the sealed last access may grow before a read seals it anew
 */
record Lifetime(Duration idle, Duration absolute, Duration touchAfter) {}
