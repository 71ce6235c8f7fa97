/** What a strategy needs to use a session repository of another project. */
@NullMarked
package dev.statecraft.session.adapter;

import org.jspecify.annotations.NullMarked;
