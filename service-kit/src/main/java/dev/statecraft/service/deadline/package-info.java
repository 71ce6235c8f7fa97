/** The deadline of a request, and the header that carries it. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.deadline;
