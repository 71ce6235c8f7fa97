/** Checks a history against the guarantee that its session strategy documents. Pure; knows only histories. */
@NullMarked
package dev.statecraft.lab.checker;

import org.jspecify.annotations.NullMarked;
