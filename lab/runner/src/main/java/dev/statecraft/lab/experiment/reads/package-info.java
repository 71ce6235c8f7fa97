@NullMarked
package dev.statecraft.lab.experiment.reads;

import org.jspecify.annotations.NullMarked;
