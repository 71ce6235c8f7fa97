/** Checks carts, session guarantees, checkouts and the ends of sessions by rules. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.lab.checker.cart;
