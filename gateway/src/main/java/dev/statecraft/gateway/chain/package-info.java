/** Routes of Spring Cloud Gateway: their filters, and the services that they call. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.chain;
