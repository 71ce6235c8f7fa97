/** Checks linearizability by a bounded search, and shrinks counterexamples. */
@NullMarked
package dev.statecraft.lab.checker.linearizability;

import org.jspecify.annotations.NullMarked;
