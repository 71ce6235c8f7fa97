/** Identity and limits of a node. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.node;
