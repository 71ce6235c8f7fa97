/** Work of a known size: CPU time and waiting time. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.stateless.work;
