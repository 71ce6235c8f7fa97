@NullMarked
package dev.statecraft.lab.environment;

import org.jspecify.annotations.NullMarked;
