/** CPU work of a known size. */
@NullMarked
package dev.statecraft.service.cpu;

import org.jspecify.annotations.NullMarked;
