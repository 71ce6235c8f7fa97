/** The consensus engine: jgroups-raft, with the corrections that docs/decisions/0020 and 0021 list. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.replicated.raft;
