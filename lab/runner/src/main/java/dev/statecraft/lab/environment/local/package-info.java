@NullMarked
package dev.statecraft.lab.environment.local;

import org.jspecify.annotations.NullMarked;
