package dev.statecraft.lab.checker.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.Script;
import dev.statecraft.lab.checker.SimulatedCart;
import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  private static final Bound AMPLE = Bound.ofSteps(1_000_000);

  private final Script script = new Script();

  @Test
  void concurrentTabsAreLinearizable() {
    script.login(0, 1);
    script.by(1).add("a", 2, 10);
    script.by(2).add("b", 3, 9);
    script.by(3).read(4, 8, "b");
    script.by(4).read(11, 12, "b", "a");

    assertLinearizable();
  }

  @Test
  void staleReadIsNotLinearizableWithSmallProof() {
    Operation login = script.login(0, 1);
    for (int number = 0; number < 20; number++) {
      script.add("before-" + number, 2 + 2 * number, 3 + 2 * number);
    }
    String[] all = IntStream.range(0, 20).mapToObj(number -> "before-" + number).toArray(String[]::new);
    script.read(50, 51, all);
    Operation add = script.add("missed", 52, 53);
    Operation stale = script.read(54, 55, all);
    script.add("after", 56, 57);

    Anomaly anomaly = only();
    assertThat(anomaly.kind()).isEqualTo(AnomalyKind.NOT_LINEARIZABLE);
    assertThat(anomaly.operations()).containsExactly(login, add, stale);
    assertThat(anomaly.explanation()).contains("operation " + stale.id());
  }

  @Test
  void disagreeingReadsAreNotLinearizable() {
    Operation login = script.login(0, 1);
    Operation a = script.by(1).add("a", 2, 10);
    Operation b = script.by(2).add("b", 2, 10);
    Operation first = script.by(1).read(11, 12, "a", "b");
    Operation second = script.by(2).read(13, 14, "b", "a");

    assertThat(only().operations()).contains(second).isSubsetOf(login, a, b, first, second);
  }

  @Test
  void unknownWriteMayTakeEffectLateOrNever() {
    script.login(0, 1);
    script.addUnknown("late", 2, 3);
    script.addUnknown("never", 4, 5);
    script.add("a", 6, 7);
    script.read(8, 9, "a");
    script.read(10, 11, "a", "late");

    assertLinearizable();
  }

  @Test
  void logoutClosesTheSession() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.ok(Call.LOGOUT, 4, 5);
    script.unauthorized(Call.READ, 6, 7);

    assertLinearizable();
  }

  @Test
  void answerAfterLogoutIsNotLinearizable() {
    Operation login = script.login(0, 1);
    Operation logout = script.ok(Call.LOGOUT, 4, 5);
    Operation alive = script.ok(Call.SHOW, 6, 7);

    assertThat(only().operations()).containsExactly(login, logout, alive);
  }

  @Test
  void unknownLogoutClosesForGoodOrNever() {
    script.login(0, 1);
    script.unknown(Call.LOGOUT, 2, 3);
    script.read(4, 5);
    script.unauthorized(Call.READ, 6, 7);

    assertLinearizable();

    script.read(8, 9);

    assertThat(only().operations()).hasSize(4);
  }

  @Test
  void rejectedLiveSessionIsNotLinearizable() {
    Operation login = script.login(0, 1);
    script.add("a", 2, 3);
    Operation refused = script.unauthorized(Call.READ, 4, 5);

    assertThat(only().operations()).containsExactly(login, refused);
  }

  @Test
  void ignores401ToReplacedId() {
    script.carrying(0).login(0, 1);
    script.carrying(0).ok(Call.ROTATE, 2, 3);
    script.carrying(0).unauthorized(Call.READ, 4, 5);
    script.carrying(1).ok(Call.SHOW, 6, 7);

    assertLinearizable();
  }

  @Test
  void checksEachSessionSeparately() {
    for (String session : List.of("s1", "s2", "s3")) {
      script.in(session).login(0, 1);
      script.add(session + "-a", 2, 3);
      script.read(4, 5, session.equals("s2") ? new String[]{} : new String[]{session + "-a"});
    }

    Linearizability.Findings findings = check();
    assertThat(findings.sessions()).isEqualTo(3);
    assertThat(findings.anomalies()).extracting(Anomaly::session).containsExactly("s2");
  }

  @Test
  void longLegalHistoriesTakeFewSteps() {
    List<Operation> operations = new SimulatedCart(new Random(1), 5, 200, 0.05).run("s");

    assertThat(Linearizability.check(SimulatedCart.history(operations), Bound.ofSteps(100_000)).undecided()).isEmpty();
  }

  @Test
  void stepBoundEndsSearchUndecided() {
    hopeless();

    Linearizability.Findings findings = Linearizability.check(script.history(), Bound.ofSteps(10_000));

    assertThat(findings.anomalies()).isEmpty();
    assertThat(findings.undecided()).containsExactly("s1");
  }

  @Test
  void timeBoundEndsSearchUndecided() {
    hopeless();
    AtomicInteger looks = new AtomicInteger();

    Linearizability.Findings findings = Linearizability
        .check(script.history(), new Bound(Long.MAX_VALUE, () -> looks.incrementAndGet() > 3));

    assertThat(findings.undecided()).containsExactly("s1");
  }

  /** Twelve concurrent writes can be ordered in hundreds of millions of ways, none of which the read allows. */
  private void hopeless() {
    script.login(0, 1);
    List<String> items = new ArrayList<>();
    for (int client = 0; client < 12; client++) {
      script.by(client).add("item-" + client, 2, 10);
      items.add("item-" + client);
    }
    items.set(11, "ghost");
    script.read(11, 12, items.toArray(String[]::new));
  }

  private void assertLinearizable() {
    assertThat(check().anomalies()).isEmpty();
    assertThat(check().undecided()).isEmpty();
  }

  private Anomaly only() {
    List<Anomaly> anomalies = check().anomalies();
    assertThat(anomalies).hasSize(1);
    return anomalies.getFirst();
  }

  private Linearizability.Findings check() {
    History history = script.history();
    return Linearizability.check(history, AMPLE);
  }
}
