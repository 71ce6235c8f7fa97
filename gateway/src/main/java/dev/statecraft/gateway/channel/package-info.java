/** What streams between the connections of a client and a node, and how long it may take. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.channel;
