package dev.statecraft.gateway.settings;

import dev.statecraft.gateway.client.ClientSettings;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code statecraft.gateway}.
 *
 * @param routes by id
 * @param services by the name that routes of Spring Cloud Gateway call as {@code lb://name}
 * @param keys Base64 of at least 32 bytes by key id; they sign and verify affinity cookies
 * @param activeKey id of the key that signs; optional if there is only one key
 * @param websocket bounds of WebSockets
 * @param accessLog form of the access log
 * @param zone own zone, whose nodes are preferred; empty for no preference
 * @param fastPath whether plain requests of routes without filters take the path on Netty's codec
 * @param failureWarmUp number of requests of the failure warm-up before the gateway serves; 0 for none; 600 if null
 * @param rehearsal deprecated name of {@code failure-warm-up}, which takes precedence
 */
public record GatewaySettings(@DefaultValue Map<String, RouteSettings> routes,
    @DefaultValue Map<String, RouteSettings> services, @DefaultValue Map<String, String> keys,
    @Nullable String activeKey, @DefaultValue ClientSettings client,
    @DefaultValue WebSocketSettings websocket, @DefaultValue("off") AccessLogFormat accessLog,
    @DefaultValue("") String zone, @DefaultValue("true") boolean fastPath,
    @Nullable Integer failureWarmUp,
    @Nullable Integer rehearsal) {
  private static final int DEFAULT_WARM_UP_REQUESTS = 600;

  /** Returns the number of requests of the failure warm-up, by either name of the setting. */
  public int warmUpRequests() {
    return Objects.requireNonNullElse(failureWarmUp != null ? failureWarmUp : rehearsal, DEFAULT_WARM_UP_REQUESTS);
  }
}
