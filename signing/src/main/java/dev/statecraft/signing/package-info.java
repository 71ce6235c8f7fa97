/** Signs and encrypts what clients and other nodes hold, with keys that can be rotated. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.signing;
