@NullMarked
package dev.statecraft.stateless;

import org.jspecify.annotations.NullMarked;
