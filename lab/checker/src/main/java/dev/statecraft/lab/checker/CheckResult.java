package dev.statecraft.lab.checker;

import java.util.List;

/**
 * What every judge together found.
 *
 * @param judgement of the anomalies of all kinds; its cart counts are those of {@link Guarantees#judge}
 * @param sessions how many sessions were searched for a linearization
 * @param undecided those of which the bound ended the search: nothing was proved of them either way
 */
public record CheckResult(GuaranteeResult judgement, long sessions, List<String> undecided) {
  public CheckResult {
    undecided = List.copyOf(undecided);
  }
}
