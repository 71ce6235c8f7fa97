package dev.statecraft.stateless.concurrency;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The choice of the concurrency model.
 *
 * @param concurrency bean name of a {@link ConcurrencyModel}
 */
@ConfigurationProperties("statecraft")
record ConcurrencyProperties(String concurrency) {}
