/** One answer composed of the answers of several services, called one after another or at once. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.stateless.fanout;
