/** What the services share. It depends on no other module but {@code signing}. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service;
