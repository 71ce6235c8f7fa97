package dev.statecraft.tracing;

import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.transport.RequestReplyReceiverContext;
import io.micrometer.tracing.exporter.FinishedSpan;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.opentelemetry.api.trace.SpanId;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Leaves probes out of the traces: each would be a trace of its own. */
@AutoConfiguration
public final class ProbeTracingAutoConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HttpServletRequest.class)
  static class Servlet {
    @Bean
    ObservationPredicate actuatorOfServletIsNotTraced(
        @Value("${management.endpoints.web.base-path:/actuator}") String basePath) {
      return (name, context) -> !(context instanceof RequestReplyReceiverContext<?, ?> receiver
          && receiver.getCarrier() instanceof HttpServletRequest request
          && isBelow(basePath, request.getRequestURI()));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.web.reactive.DispatcherHandler")
  static class Reactive {
    @Bean
    ObservationPredicate actuatorOfReactiveServerIsNotTraced(
        @Value("${management.endpoints.web.base-path:/actuator}") String basePath) {
      return (name, context) -> !(context instanceof RequestReplyReceiverContext<?, ?> receiver
          && receiver.getCarrier() instanceof ServerHttpRequest request
          && isBelow(basePath, request.getPath().value()));
    }
  }

  /** A command of Redis outside of a request belongs to a probe or a timer. */
  @Bean
  SpanExportingPredicate redisCommandOutsideRequestIsNotExported() {
    return span -> !"redis".equals(span.getTags().get("db.system")) || hasParent(span);
  }

  private static boolean hasParent(FinishedSpan span) {
    String parent = span.getParentId();
    return parent != null && !parent.equals(SpanId.getInvalid());
  }

  private static boolean isBelow(String basePath, String path) {
    return path.startsWith(basePath)
        && (path.length() == basePath.length() || path.charAt(basePath.length()) == '/');
  }
}
