/** CPU work of a known size. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.cpu;
