@NullMarked
package dev.statecraft.session.redis;

import org.jspecify.annotations.NullMarked;
