/** Checks Kubernetes objects against the typed models of several versions of the Kubernetes API. */
@NullMarked
package dev.statecraft.chart.schema;

import org.jspecify.annotations.NullMarked;
