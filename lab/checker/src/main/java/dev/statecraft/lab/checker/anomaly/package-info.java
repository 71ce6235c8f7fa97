/** Kinds of anomalies, anomalies with their proofs, and verdicts. */
@NullMarked
package dev.statecraft.lab.checker.anomaly;

import org.jspecify.annotations.NullMarked;
