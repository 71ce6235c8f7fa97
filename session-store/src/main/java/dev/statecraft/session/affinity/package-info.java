/** Sessions in the memory of one owner node. */
@NullMarked
package dev.statecraft.session.affinity;

import org.jspecify.annotations.NullMarked;
