@NullMarked
package dev.statecraft.session.redisclient;

import org.jspecify.annotations.NullMarked;
