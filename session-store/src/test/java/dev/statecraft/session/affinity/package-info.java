@NullMarked
package dev.statecraft.session.affinity;

import org.jspecify.annotations.NullMarked;
