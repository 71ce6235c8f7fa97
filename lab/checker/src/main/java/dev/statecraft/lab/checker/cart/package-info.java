@NullMarked
package dev.statecraft.lab.checker.cart;

import org.jspecify.annotations.NullMarked;
