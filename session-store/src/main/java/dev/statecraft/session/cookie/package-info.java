/** Strategy {@code cookie}: the client's cookie holds the encrypted state. */
@NullMarked
package dev.statecraft.session.cookie;

import org.jspecify.annotations.NullMarked;
