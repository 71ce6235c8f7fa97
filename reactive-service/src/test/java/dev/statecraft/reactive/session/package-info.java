@org.jspecify.annotations.NullMarked
package dev.statecraft.reactive.session;
