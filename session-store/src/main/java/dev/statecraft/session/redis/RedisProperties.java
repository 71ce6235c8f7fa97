package dev.statecraft.session.redis;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the strategy {@code redis}; where Redis is, says {@code spring.data.redis}.
 *
 * @param writes what becomes of two requests that change one session at once; the same for all nodes, because a node
 *     that does not look before it writes overwrites what others guard
 */
@ConfigurationProperties("statecraft.session.redis")
record RedisProperties(@DefaultValue("last-write-wins") Writes writes) {}
