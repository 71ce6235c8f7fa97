/** Connections to Redis, and what each strategy that uses Redis needs of them. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.redisclient;
