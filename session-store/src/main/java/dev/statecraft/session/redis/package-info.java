/** Strategy {@code redis}: all nodes share a Redis server. */
@NullMarked
package dev.statecraft.session.redis;

import org.jspecify.annotations.NullMarked;
