/** Signs and encrypts what clients and other nodes hold, with keys that can be rotated. */
@NullMarked
package dev.statecraft.signing;

import org.jspecify.annotations.NullMarked;
