/** One answer composed of the answers of several services, called one after another or at once. */
@NullMarked
package dev.statecraft.reactive.fanout;

import org.jspecify.annotations.NullMarked;
