/** Work of a known size: CPU time and waiting time. */
@NullMarked
package dev.statecraft.stateless.work;

import org.jspecify.annotations.NullMarked;
