/** Switches Spring Boot's tracing on where the address of a collector is configured. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.tracing;
