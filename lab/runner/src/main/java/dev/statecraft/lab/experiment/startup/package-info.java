@NullMarked
package dev.statecraft.lab.experiment.startup;

import org.jspecify.annotations.NullMarked;
