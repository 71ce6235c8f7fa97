/** Strategy {@code affinity}: the memory of one owner node holds a session. */
@NullMarked
package dev.statecraft.session.affinity;

import org.jspecify.annotations.NullMarked;
