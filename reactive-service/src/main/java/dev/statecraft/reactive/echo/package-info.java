/** The echo server (RFC 862) over HTTP. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.reactive.echo;
