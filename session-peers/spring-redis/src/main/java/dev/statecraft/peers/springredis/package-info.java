/** Strategy spring-redis: Spring Session's own repository in Redis, as Spring Boot sets it up. */
@NullMarked
package dev.statecraft.peers.springredis;

import org.jspecify.annotations.NullMarked;
