/** Kinds of anomalies, anomalies with their proofs, and verdicts. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.lab.checker.anomaly;
