/** Which thread serves a request: the concurrency models, of which one property chooses one. */
@NullMarked
package dev.statecraft.stateless.concurrency;

import org.jspecify.annotations.NullMarked;
