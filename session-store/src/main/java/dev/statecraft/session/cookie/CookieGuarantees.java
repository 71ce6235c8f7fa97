package dev.statecraft.session.cookie;

import dev.statecraft.session.ContractClause;
import dev.statecraft.session.Guarantee;
import java.util.Set;

/** What a setting of this strategy guarantees. */
final class CookieGuarantees {
  static final Guarantee WITH_DENY_LIST = new Guarantee(
      "survives the loss of every node; a logout or a new id revokes all older cookies of the session",
      "state is capped at one cookie; concurrent requests overwrite each other; an old cookie can be replayed until the"
          + " session is revoked or expires; no request with a session is served without Redis",
      Set.of(
          ContractClause.DIFFERENT_ATTRIBUTES_MERGE,
          ContractClause.LOST_UPDATE_IS_REFUSED,
          ContractClause.HOLDS_LARGE_STATE,
          ContractClause.FINDS_BY_PRINCIPAL,
          ContractClause.REPORTS_EXPIRY));

  private CookieGuarantees() {}
}
