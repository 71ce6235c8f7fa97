package dev.statecraft.lab.cli;

import dev.statecraft.lab.experiment.balancing.BalancingPlan;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyModel;
import dev.statecraft.lab.experiment.strategies.FaultNames;
import dev.statecraft.lab.experiment.strategies.StrategyNames;
import java.util.ListResourceBundle;

/** Lists of known names for the help texts; descriptions refer to them as <code>${bundle:key}</code>. */
final class HelpTexts extends ListResourceBundle {
  @Override
  protected Object[][] getContents() {
    return new Object[][]{{"strategies", StrategyNames.known()}, {"faults", FaultNames.help()},
      {"rules", String.join(", ", BalancingPlan.allRules())},
      {"grey-faults", String.join(", ", BalancingPlan.allFaults())},
      {"models", String.join(", ", ConcurrencyModel.names())},};
  }
}
