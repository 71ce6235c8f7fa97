@NullMarked
package dev.statecraft.lab.report;

import org.jspecify.annotations.NullMarked;
