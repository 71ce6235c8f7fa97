@NullMarked
package dev.statecraft.lab.experiment.concurrency;

import org.jspecify.annotations.NullMarked;
