/** Checks Kubernetes objects against the typed models of several versions of the Kubernetes API. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.chart.schema;
