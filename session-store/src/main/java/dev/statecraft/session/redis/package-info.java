/** Sessions in a Redis that every node shares, by Spring Session's own repository. */
@NullMarked
package dev.statecraft.session.redis;

import org.jspecify.annotations.NullMarked;
