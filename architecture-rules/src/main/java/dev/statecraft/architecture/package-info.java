/** Rules of structure and naming that each module's tests inherit. */
@NullMarked
package dev.statecraft.architecture;

import org.jspecify.annotations.NullMarked;
