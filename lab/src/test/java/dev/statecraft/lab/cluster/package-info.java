@NullMarked
package dev.statecraft.lab.cluster;

import org.jspecify.annotations.NullMarked;
