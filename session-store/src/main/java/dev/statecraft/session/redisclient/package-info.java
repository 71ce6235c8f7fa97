/** Connections to Redis, and what each strategy that uses Redis needs of them. */
@NullMarked
package dev.statecraft.session.redisclient;

import org.jspecify.annotations.NullMarked;
