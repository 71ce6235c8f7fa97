/** What the services share. It depends on no other module but {@code signing}. */
@NullMarked
package dev.statecraft.service;

import org.jspecify.annotations.NullMarked;
