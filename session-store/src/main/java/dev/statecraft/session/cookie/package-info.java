/** Strategy {@code cookie}: the client's cookie holds the encrypted state. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.cookie;
