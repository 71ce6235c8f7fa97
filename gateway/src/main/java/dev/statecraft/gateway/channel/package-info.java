/** Connections to nodes on Netty's HTTP codec, kept by event loop, and their timers. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.channel;
