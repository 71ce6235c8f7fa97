/** What {@code GET /work} accepts and answers. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.work;
