/** Checks carts, session guarantees, checkouts and the ends of sessions by rules. */
@NullMarked
package dev.statecraft.lab.checker.cart;

import org.jspecify.annotations.NullMarked;
