/** What {@code GET /work} accepts and answers. */
@NullMarked
package dev.statecraft.service.work;

import org.jspecify.annotations.NullMarked;
