/** Message passing: an envelope with all its state travels from node to node and back, and no node keeps anything. */
@NullMarked
package dev.statecraft.reactive.relay;

import org.jspecify.annotations.NullMarked;
