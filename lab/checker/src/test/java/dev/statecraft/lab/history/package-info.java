@NullMarked
package dev.statecraft.lab.history;

import org.jspecify.annotations.NullMarked;
