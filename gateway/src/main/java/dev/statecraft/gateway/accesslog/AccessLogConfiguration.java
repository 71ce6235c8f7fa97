package dev.statecraft.gateway.accesslog;

import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.settings.AccessLogFormat;
import dev.statecraft.gateway.settings.GatewaySettings;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.server.logging.AccessLog;
import tools.jackson.databind.json.JsonMapper;

/** Writes the access log by Reactor Netty, to its logger {@code reactor.netty.http.server.AccessLog}. */
@Configuration(proxyBeanMethods = false)
class AccessLogConfiguration {
  @Bean
  NettyServerCustomizer accessLog(GatewaySettings settings, TrustedProxies proxies, JsonMapper json) {
    AccessLogFormat format = settings.accessLog();
    return server -> format == AccessLogFormat.OFF ? server : server.accessLog(true, served -> {
      AccessLogEntry entry = AccessLogEntry.of(served, proxies);
      return AccessLog.create("{}",
          format == AccessLogFormat.JSON ? json.writeValueAsString(entry) : entry.toCombinedFormat());
    });
  }
}
