/** What {@code GET /fanout} calls and answers. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.fanout;
