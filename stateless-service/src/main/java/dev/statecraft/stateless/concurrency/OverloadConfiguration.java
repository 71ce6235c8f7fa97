package dev.statecraft.stateless.concurrency;

import dev.statecraft.service.admission.OverloadResponse;
import dev.statecraft.service.node.NodeProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OverloadConfiguration {
  @Bean
  OverloadResponse overloadResponse(NodeProperties node, ConcurrencyProperties properties, MeterRegistry registry) {
    return new OverloadResponse(node, "All threads are busy", properties.concurrency(), registry);
  }
}
