@org.jspecify.annotations.NullMarked
package dev.statecraft.session.reactive;
