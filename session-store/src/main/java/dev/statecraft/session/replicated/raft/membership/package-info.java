/** Who belongs to a Raft group: identities, founding, membership changes and the count of votes. No I/O, no clock. */
@NullMarked
package dev.statecraft.session.replicated.raft.membership;

import org.jspecify.annotations.NullMarked;
