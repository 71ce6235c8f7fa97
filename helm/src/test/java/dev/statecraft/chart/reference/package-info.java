/** Generates the files that repeat the chart's values, and compares them with what is in the repository. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.chart.reference;
