@NullMarked
package dev.statecraft.lab.experiment.strategies;

import org.jspecify.annotations.NullMarked;
