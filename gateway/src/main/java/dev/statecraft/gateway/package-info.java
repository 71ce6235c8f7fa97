/** An HTTP gateway on Spring Cloud Gateway with its own balancing, session affinity and outlier ejection. */
@NullMarked
package dev.statecraft.gateway;

import org.jspecify.annotations.NullMarked;
