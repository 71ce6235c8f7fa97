package dev.statecraft.gateway.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code statecraft.gateway.websocket}.
 *
 * @param maximum number of open WebSockets of all clients together; 0 for half of the client connections
 * @param idleTimeout after which a WebSocket is closed if neither side sent anything
 */
public record WebSocketSettings(@DefaultValue("0") int maximum, @DefaultValue("60s") Duration idleTimeout) {}
