@NullMarked
package dev.statecraft.lab.checker.anomaly;

import org.jspecify.annotations.NullMarked;
