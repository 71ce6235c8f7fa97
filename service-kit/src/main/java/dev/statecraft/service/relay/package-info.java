/** Message passing by a signed envelope that carries all its state, so no node stores anything. */
@NullMarked
package dev.statecraft.service.relay;

import org.jspecify.annotations.NullMarked;
