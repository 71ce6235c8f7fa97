/** The anomalies that each session strategy documents, and the conditions for them. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.lab.checker.guarantee;
