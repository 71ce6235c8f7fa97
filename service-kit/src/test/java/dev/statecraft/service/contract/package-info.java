/** The HTTP contract of the stateless and the reactive service, and the clients that test it. */
@NullMarked
package dev.statecraft.service.contract;

import org.jspecify.annotations.NullMarked;
