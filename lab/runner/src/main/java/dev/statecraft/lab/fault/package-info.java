@NullMarked
package dev.statecraft.lab.fault;

import org.jspecify.annotations.NullMarked;
