/** The history of a run: model, reader and writer. */
@NullMarked
package dev.statecraft.lab.history;

import org.jspecify.annotations.NullMarked;
