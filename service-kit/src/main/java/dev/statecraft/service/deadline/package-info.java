/** The deadline of a request, and the header that carries it. */
@NullMarked
package dev.statecraft.service.deadline;

import org.jspecify.annotations.NullMarked;
