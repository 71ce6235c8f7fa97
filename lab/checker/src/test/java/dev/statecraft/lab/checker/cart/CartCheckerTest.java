package dev.statecraft.lab.checker.cart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.Script;
import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Verdict;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Operation.Call;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hand-written histories, each with one anomaly, and rejections that nothing excuses. */
class CartCheckerTest {
  private final Script script = new Script();

  @Test
  void itemThatNoReadShowsIsLostWrite() {
    script.login(0, 1);
    script.add("a", 2, 3);
    Operation lost = script.add("b", 4, 5);
    Operation miss = script.read(6, 7, "a");
    script.read(8, 9, "a");

    Anomaly anomaly = only(AnomalyKind.LOST_ACKNOWLEDGED_WRITE);
    assertThat(anomaly.item()).isEqualTo("b");
    assertThat(anomaly.operations()).containsExactly(lost, miss);
    assertThat(anomaly.explanation()).isEqualTo(
        "Item \"b\" was acknowledged to operation 2 (add by client 1 at node-1, 4.0 to 5.0 ms) (no read ever showed"
            + " it), but is missing from operation 3 (read by client 1 at node-1, 6.0 to 7.0 ms) and from every later"
            + " read.");
  }

  @Test
  void itemMissingForGoodIsOnlyLostWrite() {
    script.login(0, 1);
    script.add("a", 2, 3);
    Operation add = script.add("b", 4, 5);
    script.read(6, 7, "a", "b");
    Operation shown = script.read(8, 9, "a", "b");
    script.add("c", 10, 11);
    Operation miss = script.read(12, 13, "a", "c");
    script.read(14, 15, "a", "c");

    assertThat(only(AnomalyKind.LOST_ACKNOWLEDGED_WRITE).operations()).containsExactly(add, shown, miss);
  }

  @Test
  void missingOnlyItemIsLostWrite() {
    script.login(0, 1);
    Operation add = script.add("a", 2, 3);
    Operation miss = script.read(4, 5);

    assertThat(only(AnomalyKind.LOST_ACKNOWLEDGED_WRITE).operations()).containsExactly(add, miss);
  }

  @Test
  void rejectedLiveSessionIsLostWithItems() {
    Operation login = script.login(0, 1);
    script.add("a", 2, 3);
    Operation last = script.add("b", 4, 5);
    script.addUnknown("perhaps", 6, 7);
    Operation refused = script.unauthorized(Call.READ, 8, 9);
    script.unauthorized(Call.READ, 10, 11);

    Anomaly anomaly = only(AnomalyKind.LOST_SESSION);
    assertThat(anomaly.operations()).containsExactly(login, last, refused);
    assertThat(anomaly.lostItems()).isEqualTo(2);
    assertThat(anomaly.item()).isNull();
    assertThat(script.verdict().lostItems()).isEqualTo(2);
  }

  @Test
  void rejectedEmptySessionIsLostWithoutItems() {
    Operation login = script.login(0, 1);
    Operation refused = script.unauthorized(Call.SHOW, 8, 9);

    Anomaly anomaly = only(AnomalyKind.LOST_SESSION);
    assertThat(anomaly.operations()).containsExactly(login, refused);
    assertThat(anomaly.lostItems()).isZero();
  }

  @Test
  void rejectedAddIsLostSession() {
    script.login(0, 1);
    script.read(2, 3);
    script.unauthorized(Call.ADD, 8, 9);

    only(AnomalyKind.LOST_SESSION);
  }

  @Test
  void emptyNewStateIsLostSessionOnce() {
    Operation login = script.login(0, 1);
    script.add("a", 2, 3);
    script.add("b", 4, 5);
    Operation shown = script.read(6, 7, "a", "b");
    Operation empty = script.read(8, 9);
    script.add("c", 10, 11);
    script.read(12, 13, "c");

    Anomaly anomaly = only(AnomalyKind.LOST_SESSION);
    assertThat(anomaly.operations()).containsExactly(login, shown, empty);
    assertThat(anomaly.lostItems()).isEqualTo(2);
  }

  @Test
  void writeLostBeforeSessionCountsAsLostWrite() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.add("b", 4, 5);
    script.read(6, 7, "b");
    script.unauthorized(Call.READ, 8, 9);

    Verdict verdict = script.verdict();
    assertThat(verdict.counts()).isEqualTo(
        Map.of(AnomalyKind.LOST_ACKNOWLEDGED_WRITE, 1L, AnomalyKind.LOST_SESSION, 1L));
    assertThat(verdict.lostItems()).isEqualTo(1);
  }

  @Test
  void itemShownAgainLaterIsStaleRead() {
    script.login(0, 1);
    Operation add = script.add("a", 2, 3);
    Operation stale = script.read(4, 5);
    Operation shown = script.read(6, 7, "a");

    Anomaly anomaly = only(AnomalyKind.STALE_READ);
    assertThat(anomaly.item()).isEqualTo("a");
    assertThat(anomaly.operations()).containsExactly(add, stale, shown);
  }

  @Test
  void staleReadOfEmptyCartIsNoLostSession() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.add("b", 4, 5);
    script.read(6, 7);
    script.read(8, 9, "a", "b");

    only(AnomalyKind.STALE_READ);
  }

  @Test
  void disappearingItemIsOneBackwardRead() {
    script.login(0, 1);
    script.addUnknown("a", 2, 3);
    Operation shown = script.read(4, 5, "a");
    Operation backward = script.read(6, 7);
    script.read(8, 9);
    script.read(10, 11);

    Anomaly anomaly = only(AnomalyKind.BACKWARD_READ);
    assertThat(anomaly.operations()).containsExactly(shown, backward);
  }

  @Test
  void itemMissingFromOneReadIsStaleAndBackward() {
    script.login(0, 1);
    script.add("a", 2, 3);
    script.read(4, 5, "a");
    script.read(6, 7);
    script.read(8, 9, "a");

    assertThat(script.verdict().counts())
        .isEqualTo(Map.of(AnomalyKind.STALE_READ, 1L, AnomalyKind.BACKWARD_READ, 1L));
  }

  @Test
  void itemShownDuringItsAddMayNotDisappear() {
    script.login(0, 1);
    script.by(1).add("a", 2, 20);
    Operation shown = script.by(2).read(4, 5, "a");
    Operation backward = script.by(2).read(6, 7);
    script.by(2).read(21, 22, "a");

    assertThat(only(AnomalyKind.BACKWARD_READ).operations()).containsExactly(shown, backward);
  }

  @Test
  void itemTwiceInCartIsOneDuplicate() {
    script.login(0, 1);
    Operation add = script.add("a", 2, 3);
    Operation twice = script.read(4, 5, "a", "a");
    script.read(6, 7, "a", "a");

    Anomaly anomaly = only(AnomalyKind.DUPLICATE);
    assertThat(anomaly.item()).isEqualTo("a");
    assertThat(anomaly.operations()).containsExactly(add, twice);
  }

  @Test
  void itemThatNoClientSentIsOnePhantom() {
    script.login(0, 1);
    script.add("a", 2, 3);
    Operation read = script.read(4, 5, "a", "x");
    script.read(6, 7, "a", "x");

    Anomaly anomaly = only(AnomalyKind.PHANTOM);
    assertThat(anomaly.item()).isEqualTo("x");
    assertThat(anomaly.operations()).containsExactly(read);
  }

  @Test
  void itemOfAnotherSessionIsPhantomWithSender() {
    script.in("s1").login(0, 1);
    Operation sent = script.in("s1").add("a", 2, 3);
    script.in("s2").by(2).login(0, 1);
    Operation leak = script.in("s2").by(2).read(4, 5, "a");

    Anomaly anomaly = only(AnomalyKind.PHANTOM);
    assertThat(anomaly.session()).isEqualTo("s2");
    assertThat(anomaly.operations()).containsExactly(sent, leak);
    assertThat(anomaly.explanation()).contains("sent only to session s1");
  }

  @Test
  void itemOfRejectedWriteIsPhantom() {
    script.login(0, 1);
    Operation refused = script.addFailed("a", 409, 2, 3);
    Operation read = script.read(4, 5, "a");

    assertThat(only(AnomalyKind.PHANTOM).operations()).containsExactly(refused, read);
  }

  @Test
  void itemShownBeforeItWasSentIsPhantom() {
    script.login(0, 1);
    Operation read = script.read(4, 5, "a");
    Operation add = script.add("a", 6, 7);
    script.read(8, 9, "a");

    assertThat(only(AnomalyKind.PHANTOM).operations()).containsExactly(read, add);
  }

  @Test
  void readsWithDifferentOrdersDisagree() {
    script.login(0, 1);
    script.by(1).add("a", 2, 10);
    script.by(2).add("b", 2, 10);
    Operation first = script.by(1).read(11, 12, "a", "b");
    Operation second = script.by(2).read(13, 14, "b", "a");
    script.by(1).read(15, 16, "b", "a");

    Anomaly anomaly = only(AnomalyKind.ORDER_DISAGREEMENT);
    assertThat(anomaly.operations()).containsExactly(first, second);
  }

  @Test
  void laterItemMayNotPrecedeAcknowledgedItem() {
    script.login(0, 1);
    Operation first = script.add("a", 2, 3);
    Operation second = script.add("b", 4, 5);
    Operation read = script.read(6, 7, "b", "a");

    Anomaly anomaly = only(AnomalyKind.ORDER_DISAGREEMENT);
    assertThat(anomaly.item()).isEqualTo("a");
    assertThat(anomaly.operations()).containsExactly(first, second, read);
  }

  @Test
  void lateItemMayNotPrecedeShownItems() {
    script.login(0, 1);
    script.addUnknown("late", 2, 3);
    script.add("a", 4, 5);
    Operation without = script.read(6, 7, "a");
    Operation behind = script.read(8, 9, "late", "a");

    assertThat(only(AnomalyKind.ORDER_DISAGREEMENT).operations()).containsExactly(without, behind);
  }

  @Test
  void readsThatMissEachOthersItemDisagree() {
    script.login(0, 1);
    script.by(1).add("a", 2, 20);
    script.by(2).add("b", 2, 20);
    Operation first = script.by(3).read(4, 18, "a");
    Operation second = script.by(4).read(4, 19, "b");

    assertThat(only(AnomalyKind.ORDER_DISAGREEMENT).operations()).containsExactly(first, second);
  }

  @Test
  void readMayNotShowItemWithoutItsPredecessor() {
    script.login(0, 1);
    Operation first = script.by(1).add("a", 2, 3);
    Operation second = script.by(1).add("b", 4, 5);
    Operation read = script.by(2).read(2, 6, "b");
    script.by(2).read(7, 8, "a", "b");

    assertThat(only(AnomalyKind.ORDER_DISAGREEMENT).operations()).containsExactlyInAnyOrder(first, second, read);
  }

  @Test
  void rejectedNewIdIsLostSession() {
    script.carrying(0).login(0, 1);
    script.carrying(0).ok(Call.ROTATE, 2, 3);
    script.carrying(1).unauthorized(Call.READ, 4, 5);

    only(AnomalyKind.LOST_SESSION);
  }

  @Test
  void rejectionAfterOwnRotationIsLostSession() {
    script.login(0, 1);
    script.ok(Call.ROTATE, 2, 3);
    script.unauthorized(Call.READ, 4, 5);

    only(AnomalyKind.LOST_SESSION);
  }

  @Test
  void rejectionBeforeTimeoutIsLostSession() {
    script.timeout(100);
    script.login(0, 1);
    script.read(60, 61);
    script.unauthorized(Call.READ, 140, 141);

    only(AnomalyKind.LOST_SESSION);
  }

  @Test
  void rejectionBeforeLogoutIsLostSession() {
    script.login(0, 1);
    script.unauthorized(Call.READ, 2, 3);
    script.ok(Call.LOGOUT, 4, 5);

    only(AnomalyKind.LOST_SESSION);
  }

  private Anomaly only(AnomalyKind kind) {
    Verdict verdict = script.verdict();
    assertThat(verdict.anomalies()).extracting(Anomaly::kind).containsExactly(kind);
    return verdict.anomalies().getFirst();
  }
}
