/** Rules of structure and naming that each module's tests inherit. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.architecture;
