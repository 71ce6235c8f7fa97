/** What {@code GET /fanout} calls and answers. */
@NullMarked
package dev.statecraft.service.fanout;

import org.jspecify.annotations.NullMarked;
