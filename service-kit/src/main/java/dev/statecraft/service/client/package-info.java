/** Requests whose client has disconnected. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.client;
