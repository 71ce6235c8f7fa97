package dev.statecraft.gateway.trace;

import dev.statecraft.gateway.client.TrustedProxies;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Present where the gateway traces. Spring makes the server span, as in each of its applications. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("management.tracing.export.enabled")
class TracingConfiguration {
  @Bean
  AttemptTracing attemptTracing(ObservationRegistry registry, Propagator propagator) {
    return new AttemptTracing(registry, propagator.fields());
  }

  @Bean
  TraceIdFilter traceIdFilter() {
    return new TraceIdFilter();
  }

  /** In the place of Spring Boot's. */
  @Bean
  @Order(MicrometerTracingAutoConfiguration.RECEIVER_TRACING_OBSERVATION_HANDLER_ORDER)
  PropagatingReceiverTracingObservationHandler<ReceiverContext<?>> receiverTracingObservationHandler(Tracer tracer,
      Propagator propagator, TrustedProxies proxies) {
    return new PropagatingReceiverTracingObservationHandler<>(tracer, new TrustedPropagator(propagator, proxies));
  }
}
