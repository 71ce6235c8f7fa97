/** Checks linearizability by a bounded search, and shrinks counterexamples. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.lab.checker.linearizability;
