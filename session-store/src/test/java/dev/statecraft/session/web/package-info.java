@NullMarked
package dev.statecraft.session.web;

import org.jspecify.annotations.NullMarked;
