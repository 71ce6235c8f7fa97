package dev.statecraft.reactive.server;

import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Keeps what JSON is written into with the thread that writes it. WebFlux (7.0) takes buffers from Jackson's pool and
 * does not give them back, so that each answer makes its own: a third of what the collector had to collect under load.
 * The threads here are few and of the system; for virtual ones this would be no help.
 */
@Configuration(proxyBeanMethods = false)
class JsonBuffers {
  @Bean
  JsonFactoryBuilderCustomizer buffersOfThread() {
    return factory -> factory.recyclerPool(JsonRecyclerPools.threadLocalPool());
  }
}
