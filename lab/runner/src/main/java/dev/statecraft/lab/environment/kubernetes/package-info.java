@NullMarked
package dev.statecraft.lab.environment.kubernetes;

import org.jspecify.annotations.NullMarked;
