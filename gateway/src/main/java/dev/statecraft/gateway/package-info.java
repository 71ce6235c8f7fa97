/** An HTTP gateway on Spring Cloud Gateway with its own balancing, session affinity and outlier ejection. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway;
