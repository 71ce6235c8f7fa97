/** Checks a history against the guarantee that its session strategy documents. Pure; knows only histories. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.lab.checker;
