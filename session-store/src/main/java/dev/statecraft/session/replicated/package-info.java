/** Sessions on every node, in one order that a Raft group of the nodes agrees on. */
@NullMarked
package dev.statecraft.session.replicated;

import org.jspecify.annotations.NullMarked;
