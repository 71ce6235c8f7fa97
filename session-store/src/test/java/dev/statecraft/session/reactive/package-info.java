@NullMarked
package dev.statecraft.session.reactive;

import org.jspecify.annotations.NullMarked;
