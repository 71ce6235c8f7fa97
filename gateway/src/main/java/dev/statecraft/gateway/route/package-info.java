/** The route table, and its connection to Spring Cloud Gateway. */
@NullMarked
package dev.statecraft.gateway.route;

import org.jspecify.annotations.NullMarked;
