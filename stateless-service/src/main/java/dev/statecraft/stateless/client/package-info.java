/** Is the client still there? Work for a client that left is stopped. */
@NullMarked
package dev.statecraft.stateless.client;

import org.jspecify.annotations.NullMarked;
