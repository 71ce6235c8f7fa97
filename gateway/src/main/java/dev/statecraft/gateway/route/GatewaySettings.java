package dev.statecraft.gateway.route;

import dev.statecraft.gateway.client.ClientSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code statecraft.gateway}.
 *
 * @param routes by id
 * @param keys base64 of 32 bytes by id: they sign and verify affinity cookies
 * @param activeKey the key that signs; needed when {@code keys} are given
 * @param client what clients may do
 * @param rehearsal requests that the gateway plays to nodes of its own before it serves, so that the first failure of a
 * real one finds compiled code; 0 for none
 */
record GatewaySettings(@DefaultValue Map<String, RouteSettings> routes, @DefaultValue Map<String, String> keys,
    @Nullable String activeKey, @DefaultValue ClientSettings client, @DefaultValue("600") int rehearsal) {}
