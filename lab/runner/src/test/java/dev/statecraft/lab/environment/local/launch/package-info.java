@org.jspecify.annotations.NullMarked
package dev.statecraft.lab.environment.local.launch;
