@NullMarked
package dev.statecraft.lab.environment.local.launch;

import org.jspecify.annotations.NullMarked;
