package dev.statecraft.lab.checker.guarantee;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The rules that {@link ServiceLoader} finds, loaded once. */
final class RulesOnClassPath {
  private static final Map<String, GuaranteeRules> RULES = load();

  private RulesOnClassPath() {}

  static Optional<GuaranteeRules> find(String strategy) {
    return Optional.ofNullable(RULES.get(strategy));
  }

  private static Map<String, GuaranteeRules> load() {
    Map<String, GuaranteeRules> rules = new HashMap<>();
    for (GuaranteeRules found : ServiceLoader.load(GuaranteeRules.class)) {
      GuaranteeRules other = rules.put(found.strategy(), found);
      if (other != null) {
        throw new ServiceConfigurationError("Both " + other.getClass().getName() + " and "
            + found.getClass().getName() + " have rules for strategy " + found.strategy());
      }
    }
    return Map.copyOf(rules);
  }
}
