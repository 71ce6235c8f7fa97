/** The echo server (RFC 862) over HTTP. */
@NullMarked
package dev.statecraft.stateless.echo;

import org.jspecify.annotations.NullMarked;
