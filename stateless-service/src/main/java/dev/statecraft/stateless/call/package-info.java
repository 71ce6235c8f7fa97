/** Calls to other services, each within its caller's deadline and for no longer than its caller stays. */
@NullMarked
package dev.statecraft.stateless.call;

import org.jspecify.annotations.NullMarked;
