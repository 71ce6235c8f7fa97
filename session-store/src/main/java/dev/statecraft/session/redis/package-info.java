/** Strategy {@code redis}: all nodes share a Redis server. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.redis;
