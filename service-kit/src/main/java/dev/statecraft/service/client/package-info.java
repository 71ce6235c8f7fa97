/** Requests whose client has disconnected. */
@NullMarked
package dev.statecraft.service.client;

import org.jspecify.annotations.NullMarked;
