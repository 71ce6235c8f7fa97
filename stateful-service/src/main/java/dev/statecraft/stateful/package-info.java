/** A login, a cart and its checkout over {@code HttpSession}. Knows no session strategy. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.stateful;
