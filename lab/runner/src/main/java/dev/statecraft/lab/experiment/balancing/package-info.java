@NullMarked
package dev.statecraft.lab.experiment.balancing;

import org.jspecify.annotations.NullMarked;
