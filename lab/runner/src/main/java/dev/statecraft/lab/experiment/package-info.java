@NullMarked
package dev.statecraft.lab.experiment;

import org.jspecify.annotations.NullMarked;
