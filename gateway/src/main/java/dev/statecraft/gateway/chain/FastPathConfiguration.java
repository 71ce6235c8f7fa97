package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Drain;
import dev.statecraft.gateway.forward.FastPath;
import dev.statecraft.gateway.forward.GatewayServices;
import dev.statecraft.gateway.route.RouteTable;
import dev.statecraft.gateway.settings.AccessLogFormat;
import dev.statecraft.gateway.settings.GatewaySettings;
import dev.statecraft.gateway.trace.AttemptTracing;
import dev.statecraft.gateway.upstream.EventLoops;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.server.WebFilter;

/**
 * Puts the fast path before Reactor Netty's handlers, unless something is configured that only these, or Spring's
 * handlers, would do for each request.
 */
@Configuration(proxyBeanMethods = false)
class FastPathConfiguration {
  private static final Logger log = LoggerFactory.getLogger(FastPathConfiguration.class);
  /** Properties of Spring Boot that change all requests, with the value that does not. */
  private static final List<List<String>> NEUTRAL = List.of(List.of("server.compression.enabled", "false"),
      List.of("server.netty.idle-timeout", ""), List.of("server.netty.max-keep-alive-requests", ""),
      List.of("server.forward-headers-strategy", "none"), List.of("spring.webflux.base-path", ""),
      List.of("management.observations.enable.http.server.requests", "false"));

  @Bean
  FastPath fastPath(GatewaySettings settings, RouteTable table, GatewayServices services, EventLoops loops,
      Drain drain, GlobalCorsProperties cors, ListableBeanFactory beans, Environment environment) {
    String obstacle = settings.fastPath() ? obstacle(settings, services, cors, beans, environment) : "fast-path=false";
    if (obstacle != null) {
      log.info("The fast path is off: {}", obstacle);
    }
    return new FastPath(obstacle == null ? table.routes() : List.of(), services, loops, drain);
  }

  /** Its handler comes after the guard of the connection, which rejects invalid requests. */
  @Bean
  @Order(1)
  NettyServerCustomizer fastPathHandler(FastPath path) {
    return server -> path.isUsed()
        ? server.doOnChannelInit((observer, channel, remote) -> channel.pipeline()
            .addAfter(ClientConnection.GUARD, FastPath.HANDLER, path.handler()))
        : server;
  }

  private static @Nullable String obstacle(GatewaySettings settings, GatewayServices services,
      GlobalCorsProperties cors,
      ListableBeanFactory beans, Environment environment) {
    if (settings.accessLog() != AccessLogFormat.OFF) {
      return "statecraft.gateway.access-log";
    }
    if (services.tracing() != AttemptTracing.OFF) {
      return "management.tracing.export.enabled=true";
    }
    if (!cors.getCorsConfigurations().isEmpty()) {
      return "globalcors";
    }
    for (List<String> neutral : NEUTRAL) {
      String value = environment.getProperty(neutral.getFirst(), neutral.getLast());
      if (!value.equalsIgnoreCase(neutral.getLast())) {
        return neutral.getFirst() + '=' + value;
      }
    }
    for (Class<?> type : List.of(GlobalFilter.class, WebFilter.class)) {
      for (String name : beans.getBeanNamesForType(type, true, false)) {
        Class<?> bean = beans.getType(name, false);
        if (bean == null || !RouteFilters.isOfGateway(bean)) {
          return "bean " + name;
        }
      }
    }
    return null;
  }
}
