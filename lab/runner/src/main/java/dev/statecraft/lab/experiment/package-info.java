@org.jspecify.annotations.NullMarked
package dev.statecraft.lab.experiment;
