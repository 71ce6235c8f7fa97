/** Load shedding: when to reject a request, and what to answer. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.admission;
