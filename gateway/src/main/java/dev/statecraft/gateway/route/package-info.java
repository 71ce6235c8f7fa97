/** The route table, and its connection to Spring Cloud Gateway. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.route;
