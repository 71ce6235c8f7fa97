@NullMarked
package dev.statecraft.lab.kubernetes;

import org.jspecify.annotations.NullMarked;
