@NullMarked
package dev.statecraft.lab.console;

import org.jspecify.annotations.NullMarked;
