/** Session attributes as JSON: which types are allowed, how they are encoded, and what other versions wrote. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.attribute;
