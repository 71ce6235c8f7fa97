/** What may come from a client, how long it may take, and what is believed of it. */
@NullMarked
package dev.statecraft.gateway.client;

import org.jspecify.annotations.NullMarked;
