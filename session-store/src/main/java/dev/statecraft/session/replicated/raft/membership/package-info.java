/** Who belongs to a Raft group: identities, founding, membership changes and the count of votes. No I/O, no clock. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.replicated.raft.membership;
