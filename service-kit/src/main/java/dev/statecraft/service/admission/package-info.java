/** Load shedding: when to reject a request, and what to answer. */
@NullMarked
package dev.statecraft.service.admission;

import org.jspecify.annotations.NullMarked;
