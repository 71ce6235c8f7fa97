/** The access log: one line for each request. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.accesslog;
