/** The binary form that commands, snapshots, identities and messages between nodes share. */
@NullMarked
package dev.statecraft.session.replicated.wire;

import org.jspecify.annotations.NullMarked;
