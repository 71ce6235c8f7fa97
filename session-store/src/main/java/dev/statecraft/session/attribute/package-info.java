/** Session attributes as JSON: which types are allowed, how they are encoded, and what other versions wrote. */
@NullMarked
package dev.statecraft.session.attribute;

import org.jspecify.annotations.NullMarked;
