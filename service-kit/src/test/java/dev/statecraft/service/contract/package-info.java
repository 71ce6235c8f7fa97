/** The HTTP contract of the stateless and the reactive service, and the clients that test it. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.contract;
