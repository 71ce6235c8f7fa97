@NullMarked
package dev.statecraft.reactive.session;

import org.jspecify.annotations.NullMarked;
