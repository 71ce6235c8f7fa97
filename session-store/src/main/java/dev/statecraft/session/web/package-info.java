/** The session filter of a servlet application, and the answers to requests that a store rejects. */
@NullMarked
package dev.statecraft.session.web;

import org.jspecify.annotations.NullMarked;
