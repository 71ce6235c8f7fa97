@NullMarked
package dev.statecraft.signing;

import org.jspecify.annotations.NullMarked;
