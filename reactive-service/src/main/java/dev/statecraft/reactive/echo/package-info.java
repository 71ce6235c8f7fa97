/** The echo server. */
@NullMarked
package dev.statecraft.reactive.echo;

import org.jspecify.annotations.NullMarked;
