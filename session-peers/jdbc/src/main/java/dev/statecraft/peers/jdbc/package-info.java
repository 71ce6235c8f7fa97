/** Strategy jdbc: Spring Session's own repository in PostgreSQL, as Spring Boot sets it up. */
@NullMarked
package dev.statecraft.peers.jdbc;

import org.jspecify.annotations.NullMarked;
