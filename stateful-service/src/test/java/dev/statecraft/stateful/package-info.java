@org.jspecify.annotations.NullMarked
package dev.statecraft.stateful;
