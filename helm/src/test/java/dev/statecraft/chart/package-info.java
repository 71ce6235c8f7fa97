/** Tests of the Helm chart, and of the manifests and the values reference generated from it. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.chart;
