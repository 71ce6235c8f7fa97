/**
 * The contract suite (TCK) of session strategies: extend {@link dev.statecraft.session.contract.SessionContract} in the
 * module that adds a strategy.
 */
@NullMarked
package dev.statecraft.session.contract;

import org.jspecify.annotations.NullMarked;
