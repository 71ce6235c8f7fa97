@NullMarked
package dev.statecraft.session.http;

import org.jspecify.annotations.NullMarked;
