@NullMarked
package dev.statecraft.lab.check;

import org.jspecify.annotations.NullMarked;
