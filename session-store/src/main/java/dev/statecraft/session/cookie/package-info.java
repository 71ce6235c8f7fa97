/** Strategy {@code cookie}: the session's state is in the client's own cookie, sealed. */
@NullMarked
package dev.statecraft.session.cookie;

import org.jspecify.annotations.NullMarked;
