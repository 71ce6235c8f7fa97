/** Strategy {@code affinity}: the memory of one owner node holds a session. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.affinity;
