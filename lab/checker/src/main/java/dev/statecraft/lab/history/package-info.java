/** The history of a run: model, reader and writer. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.lab.history;
