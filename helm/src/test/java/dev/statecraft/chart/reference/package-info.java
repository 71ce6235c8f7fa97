/** Generates the files that repeat the chart's values, and compares them with what is in the repository. */
@NullMarked
package dev.statecraft.chart.reference;

import org.jspecify.annotations.NullMarked;
