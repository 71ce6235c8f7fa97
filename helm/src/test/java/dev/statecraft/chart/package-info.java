/** Tests of the Helm chart, of the plain manifests and of the reference that are made from it. */
@NullMarked
package dev.statecraft.chart;

import org.jspecify.annotations.NullMarked;
