@NullMarked
package dev.statecraft.lab;

import org.jspecify.annotations.NullMarked;
