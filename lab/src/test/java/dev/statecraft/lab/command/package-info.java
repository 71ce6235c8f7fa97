@NullMarked
package dev.statecraft.lab.command;

import org.jspecify.annotations.NullMarked;
