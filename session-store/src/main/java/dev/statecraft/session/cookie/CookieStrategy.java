package dev.statecraft.session.cookie;

import static dev.statecraft.session.ContractClause.DELETED_SESSION_IS_DEAD;
import static dev.statecraft.session.ContractClause.DIFFERENT_ATTRIBUTES_MERGE;
import static dev.statecraft.session.ContractClause.FINDS_BY_PRINCIPAL;
import static dev.statecraft.session.ContractClause.HOLDS_LARGE_STATE;
import static dev.statecraft.session.ContractClause.LATE_SAVE_REVIVES_NOTHING;
import static dev.statecraft.session.ContractClause.LATE_WRITE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.LOGOUT_ENDS_ROTATED_SESSION;
import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.REPORTS_EXPIRY;
import static dev.statecraft.session.ContractClause.ROTATED_ID_IS_DEAD;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import java.util.Set;

/** Keeps the session in the client's cookie, encrypted. */
final class CookieStrategy implements SessionStrategy {
  @Override
  public String name() {
    return "cookie";
  }

  @Override
  public Guarantee guarantee() {
    return new Guarantee(
        "survives the loss of every node",
        "state is capped at one cookie; nothing can be revoked; concurrent requests overwrite each other; an old"
            + " cookie can be replayed until it expires",
        Set.of(DIFFERENT_ATTRIBUTES_MERGE, LOST_UPDATE_IS_REFUSED, ROTATED_ID_IS_DEAD, DELETED_SESSION_IS_DEAD,
            LATE_SAVE_REVIVES_NOTHING, LATE_WRITE_IS_REFUSED, LOGOUT_ENDS_ROTATED_SESSION,
            HOLDS_LARGE_STATE, FINDS_BY_PRINCIPAL, REPORTS_EXPIRY));
  }

  @Override
  public Class<?> configuration() {
    return CookieConfiguration.class;
  }
}
