/** The anomalies that each session strategy documents, and the conditions for them. */
@NullMarked
package dev.statecraft.lab.checker.guarantee;

import org.jspecify.annotations.NullMarked;
