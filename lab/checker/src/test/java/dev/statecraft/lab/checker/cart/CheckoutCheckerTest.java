package dev.statecraft.lab.checker.cart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.Script;
import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutCheckerTest {
  private final Script script = new Script("replicated", "session");

  @Test
  void completeCheckoutIsLegal() {
    read("open", 1, 2);
    step("reserve", "reserved", 3, 4);
    read("reserved", 5, 6);
    step("pay", "paid", 7, 8);
    step("ship", "shipped", 9, 10);
    read("shipped", 11, 12);
    assertThat(found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"open, open", "open, shipped", "open, cancelled", "reserved, paid", "reserved, cancelled",
    "paid, cancelled",
    "paid, shipped", "cancelled, cancelled"})
  void stateMayStayOrAdvance(String earlier, String later) {
    read(earlier, 1, 2);
    read(later, 3, 4);
    assertThat(found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"reserved, open", "paid, open", "paid, reserved", "shipped, open", "shipped, paid", "shipped, cancelled",
    "cancelled, open", "cancelled, reserved", "cancelled, paid", "cancelled, shipped"})
  void stateNeverGoesBackOrSkips(String earlier, String later) {
    Operation before = read(earlier, 1, 2);
    Operation after = read(later, 3, 4);
    assertThat(found()).singleElement().satisfies(anomaly -> {
      assertThat(anomaly.kind()).isEqualTo(AnomalyKind.FORBIDDEN_TRANSITION);
      assertThat(anomaly.operations()).containsExactly(before, after);
      assertThat(anomaly.explanation()).contains("was " + earlier, "later " + later);
    });
  }

  @Test
  void concurrentAnswersHaveNoOrder() {
    read("paid", 1, 5);
    read("reserved", 2, 4);
    assertThat(found()).isEmpty();
  }

  @Test
  void missingAcknowledgedStepIsForbiddenTransition() {
    step("pay", "paid", 1, 2);
    read("reserved", 3, 4);
    assertThat(found()).hasSize(1);
  }

  @Test
  void rejectedAndUnknownStepsProveNothing() {
    read("reserved", 1, 2);
    script.operation(Call.CHECKOUT, "ship", 3, 4, new Outcome.Failed(409, "reserved"));
    script.operation(Call.CHECKOUT, "pay", 5, 6, new Outcome.Unknown(0, "time-out"));
    read("reserved", 7, 8);
    read("paid", 9, 10);
    assertThat(found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"reserve, reserved", "pay, paid", "ship, shipped", "cancel, cancelled"})
  void findsStepAcknowledgedToTwoConcurrentClients(String step, String state) {
    Operation first = step(step, state, 1, 4);
    script.by(2);
    Operation second = step(step, state, 2, 5);
    assertThat(found()).singleElement().satisfies(anomaly -> {
      assertThat(anomaly.kind()).isEqualTo(AnomalyKind.REPEATED_STEP);
      assertThat(anomaly.operations()).containsExactly(first, second);
    });
  }

  @Test
  void rejectedOrUnknownStepMayBeRepeated() {
    script.operation(Call.CHECKOUT, "pay", 1, 2, new Outcome.Failed(409, "open"));
    script.operation(Call.CHECKOUT, "pay", 3, 4, new Outcome.Unknown(0, "time-out"));
    step("pay", "paid", 5, 6);
    assertThat(found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"redis, last-write-wins, 2, true", "redis, last-write-wins, 4, false", "redis, compare-and-set, 2, false",
    "redis, confirmed, 2, false", "cookie, , 2, true", "affinity, , 2, false"})
  void repeatedStepIsDocumentedWhereTheLastOfTwoConcurrentWritesWins(
      String strategy, @Nullable String writes, long secondBegan, boolean documented) {
    Script written = new Script(strategy, null).writes(writes);
    written.operation(Call.CHECKOUT, "pay", 1, 3, new Outcome.Ok(200, null, "paid"));
    written.by(2);
    written.operation(Call.CHECKOUT, "pay", secondBegan, 5, new Outcome.Ok(200, null, "paid"));
    assertThat(written.check().kept())
        .isEqualTo(documented);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linearizable", "session", "local"})
  void replicatedNeverTakesStepTwice(String reads) {
    Script written = new Script("replicated", reads);
    written.operation(Call.CHECKOUT, "pay", 1, 3, new Outcome.Ok(200, null, "paid"));
    written.by(2);
    written.operation(Call.CHECKOUT, "pay", 2, 5, new Outcome.Ok(200, null, "paid"));
    assertThat(written.check().kept()).isFalse();
  }

  @Test
  void findsUnknownState() {
    Operation read = read("returned", 1, 2);
    assertThat(found()).singleElement().satisfies(anomaly -> assertThat(anomaly.operations()).containsExactly(read));
  }

  @Test
  void countsEachSessionOnce() {
    read("paid", 1, 2);
    script.in("s2");
    read("open", 3, 4);
    assertThat(found()).isEmpty();
    script.in("s1");
    read("open", 5, 6);
    read("reserved", 7, 8);
    assertThat(found()).hasSize(1);
  }

  @Test
  void historyWithoutStatesHasNoCheckoutAnomaly() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.read(4, 5, "a");
    assertThat(found()).isEmpty();
  }

  @Test
  void sessionReadsMayBeStaleOnlyForOtherClients() {
    step("pay", "paid", 1, 2);
    script.by(2);
    read("reserved", 3, 4);
    assertThat(broken()).isEmpty();
    script.by(1);
    script.in("s2");
    step("pay", "paid", 5, 6);
    read("reserved", 7, 8);
    assertThat(broken()).singleElement().extracting(Anomaly::session).isEqualTo("s2");
  }

  private Operation read(String state, long from, long to) {
    return script.operation(Call.READ, null, from, to, new Outcome.Ok(200, List.of(), state));
  }

  private Operation step(String step, String state, long from, long to) {
    return script.operation(Call.CHECKOUT, step, from, to, new Outcome.Ok(200, null, state));
  }

  private List<Anomaly> found() {
    return CheckoutChecker.check(script.history());
  }

  private List<Anomaly> broken() {
    return script.check().broken();
  }
}
