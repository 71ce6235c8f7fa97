package com.example.disk;

import static dev.statecraft.session.ContractClause.DIFFERENT_ATTRIBUTES_MERGE;
import static dev.statecraft.session.ContractClause.FINDS_BY_PRINCIPAL;
import static dev.statecraft.session.ContractClause.LAST_ACCESS_NEVER_GOES_BACK;
import static dev.statecraft.session.ContractClause.LATE_SAVE_REVIVES_NOTHING;
import static dev.statecraft.session.ContractClause.LATE_WRITE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.LOGOUT_ENDS_ROTATED_SESSION;
import static dev.statecraft.session.ContractClause.LOST_UPDATE_IS_REFUSED;
import static dev.statecraft.session.ContractClause.REPORTS_EXPIRY;
import static dev.statecraft.session.ContractClause.STORES_ONLY_ALLOWED_TYPES;
import static dev.statecraft.session.ContractClause.ZERO_TIMEOUT_NEVER_EXPIRES;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import java.util.Set;

/** Keeps sessions in a directory that all nodes share. */
public final class DiskStrategy implements SessionStrategy {
  @Override
  public String name() {
    return "disk";
  }

  @Override
  public Guarantee guarantee() {
    return new Guarantee(
        "any node serves any session, and a session survives the loss of all nodes",
        "the last of two concurrent requests wins, also over a logout; expired sessions stay on disk until they are"
            + " requested; attributes are Java-serialized",
        Set.of(DIFFERENT_ATTRIBUTES_MERGE, FINDS_BY_PRINCIPAL, LAST_ACCESS_NEVER_GOES_BACK, LATE_SAVE_REVIVES_NOTHING,
            LATE_WRITE_IS_REFUSED, LOGOUT_ENDS_ROTATED_SESSION, LOST_UPDATE_IS_REFUSED, REPORTS_EXPIRY,
            STORES_ONLY_ALLOWED_TYPES, ZERO_TIMEOUT_NEVER_EXPIRES));
  }

  @Override
  public Class<?> configuration() {
    return DiskConfiguration.class;
  }
}
