/** The session filter of a servlet application, and the answers to requests that a store rejects. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.web;
