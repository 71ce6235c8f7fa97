@NullMarked
package dev.statecraft.lab.load;

import org.jspecify.annotations.NullMarked;
