@NullMarked
package dev.statecraft.gateway;

import org.jspecify.annotations.NullMarked;
