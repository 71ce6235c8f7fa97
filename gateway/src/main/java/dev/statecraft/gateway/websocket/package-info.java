/** WebSockets: connections that become tunnels between a client and a node. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.websocket;
