/** The echo server. */
@NullMarked
package dev.statecraft.stateless.echo;

import org.jspecify.annotations.NullMarked;
