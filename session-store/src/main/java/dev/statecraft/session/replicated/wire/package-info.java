/** The binary form that commands, snapshots, identities and messages between nodes share. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.replicated.wire;
