/** Sessions that every node holds in memory, changed in the order of one replicated log. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.replicated;
