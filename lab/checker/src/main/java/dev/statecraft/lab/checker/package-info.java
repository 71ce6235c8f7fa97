@NullMarked
package dev.statecraft.lab.checker;

import org.jspecify.annotations.NullMarked;
