package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  @Test
  void allowsOneFifthAndInitialRetries() {
    RetryBudget budget = new RetryBudget(0.2);
    int retries = 0;
    for (int i = 0; i < 10_000; i++) {
      budget.recordRequest();
      retries += budget.tryRetry() ? 1 : 0;
    }
    assertThat(retries).isBetween(2_000, 2_010);
  }

  @Test
  void savesAtMostOneHundredRetries() {
    RetryBudget budget = new RetryBudget(0.2);
    for (int i = 0; i < 100_000; i++) {
      budget.recordRequest();
    }
    int retries = 0;
    while (budget.tryRetry()) {
      retries++;
    }
    assertThat(retries).isEqualTo(100);
  }
}
