/** Identity and limits of a node. */
@NullMarked
package dev.statecraft.service.node;

import org.jspecify.annotations.NullMarked;
