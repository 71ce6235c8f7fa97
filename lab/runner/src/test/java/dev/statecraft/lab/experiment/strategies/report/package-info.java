@NullMarked
package dev.statecraft.lab.experiment.strategies.report;

import org.jspecify.annotations.NullMarked;
