@NullMarked
package dev.statecraft.session.adapter;

import org.jspecify.annotations.NullMarked;
