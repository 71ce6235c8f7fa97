@NullMarked
package dev.statecraft.lab.checker.guarantee;

import org.jspecify.annotations.NullMarked;
