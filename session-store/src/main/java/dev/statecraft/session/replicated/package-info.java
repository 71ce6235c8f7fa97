/** Sessions that every node holds in memory, changed in the order of one replicated log. */
@NullMarked
package dev.statecraft.session.replicated;

import org.jspecify.annotations.NullMarked;
