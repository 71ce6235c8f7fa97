package dev.statecraft.gateway.warmup;

import dev.statecraft.gateway.forward.GatewayServices;
import dev.statecraft.gateway.settings.GatewaySettings;
import dev.statecraft.gateway.upstream.EventLoops;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Runs the failure warm-up when the gateway starts. */
@Configuration(proxyBeanMethods = false)
class FailureWarmUpConfiguration {
  private static final Duration TIME_LIMIT = Duration.ofSeconds(5);

  @Bean
  FailureWarmUp failureWarmUp(GatewaySettings settings, GatewayServices services, EventLoops loops) {
    return new FailureWarmUp(settings.warmUpRequests(), TIME_LIMIT, services, loops);
  }
}
