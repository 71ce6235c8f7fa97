@NullMarked
package dev.statecraft.lab.checker.linearizability;

import org.jspecify.annotations.NullMarked;
