package dev.statecraft.peers.infinispan;

import static dev.statecraft.session.ContractClause.LAST_ACCESS_NEVER_GOES_BACK;
import static dev.statecraft.session.ContractClause.LATE_WRITE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.LOGOUT_ENDS_ROTATED_SESSION;
import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.READS_VALUES_AS_SET;
import static dev.statecraft.session.ContractClause.STORES_ONLY_ALLOWED_TYPES;
import static dev.statecraft.session.ContractClause.ZERO_TIMEOUT_NEVER_EXPIRES;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import java.util.Set;

/** Keeps every session on every node in an embedded Infinispan cache of mode {@code REPL_SYNC}. */
final class InfinispanStrategy implements SessionStrategy {
  @Override
  public String name() {
    return "infinispan";
  }

  @Override
  public Guarantee guarantee() {
    return new Guarantee(
        "any node serves any session from its own memory; a session survives the loss of all nodes but one",
        "in a partition all sides accept writes, and when it heals one side's are lost; the last write wins on"
            + " concurrent requests that change one attribute; a write to a session that was deleted meanwhile is"
            + " acknowledged and lost; a logout does not end a session that gets a new id meanwhile;"
            + " the loss of all nodes loses all sessions; attributes are Java-serialized;"
            + " half of a surrogate pair in a collection becomes a question mark",
        Set.of(LAST_ACCESS_NEVER_GOES_BACK, LATE_WRITE_IS_REFUSED, LOGOUT_ENDS_ROTATED_SESSION, LOST_UPDATE_IS_REFUSED,
            READS_VALUES_AS_SET, STORES_ONLY_ALLOWED_TYPES,
            ZERO_TIMEOUT_NEVER_EXPIRES));
  }

  @Override
  public Class<?> configuration() {
    return InfinispanConfiguration.class;
  }
}
