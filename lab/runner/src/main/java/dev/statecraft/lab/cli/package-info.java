@NullMarked
package dev.statecraft.lab.cli;

import org.jspecify.annotations.NullMarked;
