/** Tests of the Helm chart, and of the manifests and the values reference generated from it. */
@NullMarked
package dev.statecraft.chart;

import org.jspecify.annotations.NullMarked;
