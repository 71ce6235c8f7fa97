/** A login, a cart and its checkout over {@code HttpSession}. Knows no session strategy. */
@NullMarked
package dev.statecraft.stateful;

import org.jspecify.annotations.NullMarked;
