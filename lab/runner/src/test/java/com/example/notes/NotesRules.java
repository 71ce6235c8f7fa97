package com.example.notes;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.guarantee.AnomalyContext;
import dev.statecraft.lab.checker.guarantee.AnomalyGroups;
import dev.statecraft.lab.checker.guarantee.GuaranteeRules;
import dev.statecraft.lab.checker.guarantee.LastWriteWins;
import java.util.Set;

/** The last of concurrent writes wins, and nothing else is lost. */
public final class NotesRules implements GuaranteeRules {
  @Override
  public String strategy() {
    return "notes";
  }

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return context.sessionsAreShared() ? AnomalyGroups.OVERWRITES : Set.of();
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    return LastWriteWins.overwrote(anomaly, context);
  }
}
