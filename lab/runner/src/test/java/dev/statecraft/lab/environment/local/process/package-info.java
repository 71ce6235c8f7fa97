@NullMarked
package dev.statecraft.lab.environment.local.process;

import org.jspecify.annotations.NullMarked;
