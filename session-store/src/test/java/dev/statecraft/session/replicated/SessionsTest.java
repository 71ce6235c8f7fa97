package dev.statecraft.session.replicated;

import static dev.statecraft.session.replicated.Commands.set;
import static dev.statecraft.session.replicated.Commands.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.Command.Access;
import dev.statecraft.session.replicated.Command.Change;
import dev.statecraft.session.replicated.Command.Create;
import dev.statecraft.session.replicated.Command.Delete;
import dev.statecraft.session.replicated.Command.Expire;
import dev.statecraft.session.replicated.Command.Save;
import dev.statecraft.session.replicated.Command.Touch;
import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private final Sessions sessions = new Sessions();
  private long index;
  private long sequence;

  private Verdict apply(Command command) {
    sequence++;
    return applySame(command);
  }

  private Verdict applySame(Command command) {
    index++;
    return sessions.apply(index, new Proposal(7, sequence, sequence, index - 1, command)).verdict();
  }

  private @Nullable String attribute(String id, String name) {
    SessionRecord record = sessions.find(id);
    SessionRecord.Attribute attribute = record == null ? null : record.attributes().get(name);
    return attribute == null ? null : Commands.text(attribute.value());
  }

  @Test
  void mergesChangesOfDifferentAttributes() {
    apply(Commands.create("s"));
    assertThat(apply(set("s", "cart", 0, "milk"))).isEqualTo(Verdict.DONE);
    assertThat(apply(set("s", "user", 0, "ada"))).isEqualTo(Verdict.DONE);
    assertThat(attribute("s", "cart")).isEqualTo("milk");
    assertThat(attribute("s", "user")).isEqualTo("ada");
  }

  @Test
  void rejectsWholeSaveOnOneConflict() {
    apply(Commands.create("s"));
    apply(set("s", "cart", 0, "milk"));
    Save late = new Save(
        "s",
        null,
        0,
        null,
        List.of(new Change("other", 0, value("x")), new Change("cart", 0, value("bread"))));
    assertThat(apply(late)).isEqualTo(Verdict.CONFLICT);
    assertThat(attribute("s", "cart")).isEqualTo("milk");
    assertThat(attribute("s", "other")).isNull();
  }

  @Test
  void removalConflictsAsAnyChange() {
    apply(Commands.create("s"));
    apply(set("s", "cart", 0, "milk"));
    long seen = index;
    apply(set("s", "cart", seen, "bread"));
    assertThat(apply(new Save("s", null, 0, null, List.of(new Change("cart", seen, null)))))
        .isEqualTo(Verdict.CONFLICT);
    assertThat(apply(new Save("s", null, 0, null, List.of(new Change("cart", index - 1, null)))))
        .isEqualTo(Verdict.DONE);
    assertThat(attribute("s", "cart")).isNull();
  }

  @Test
  void lateSaveDoesNotRestoreDeletedSession() {
    apply(Commands.create("s"));
    assertThat(apply(new Delete("s"))).isEqualTo(Verdict.DONE);
    assertThat(apply(set("s", "cart", 0, "milk"))).isEqualTo(Verdict.GONE);
    apply(new Touch(List.of(new Access("s", 10))));
    assertThat(sessions.find("s")).isNull();
  }

  @Test
  void appliesRepeatedRequestOnceWithSameOutcome() {
    apply(Commands.create("s"));
    assertThat(apply(set("s", "cart", 0, "milk"))).isEqualTo(Verdict.DONE);
    long first = index;
    index++;
    Outcome again = sessions.apply(index, new Proposal(7, sequence, sequence, 0, set("s", "cart", 0, "milk")));
    assertThat(again).isEqualTo(new Outcome(Verdict.DONE, first));
    assertThat(sessions.find("s")).isNotNull().extracting(SessionRecord::changed).isEqualTo(first);
  }

  @Test
  void repeatedCreateDoesNotRestoreDeletedSession() {
    Create create = Commands.create("s");
    apply(create);
    long creation = sequence;
    apply(new Delete("s"));
    index++;
    Outcome late = sessions.apply(index, new Proposal(7, creation, creation, 0, create));
    assertThat(late.verdict()).isEqualTo(Verdict.STALE);
    assertThat(sessions.find("s")).isNull();
  }

  @Test
  void copyOfAbandonedRequestIsStale() {
    apply(Commands.create("s"));
    Proposal abandoned = new Proposal(7, 2, 2, 0, set("s", "cart", 0, "milk"));
    assertThat(sessions.apply(2, abandoned).verdict()).isEqualTo(Verdict.DONE);
    assertThat(sessions.apply(3, new Proposal(7, 3, 3, 0, new Touch(List.of(new Access("s", 1))))).verdict())
        .isEqualTo(Verdict.DONE);
    assertThat(sessions.apply(4, abandoned).verdict()).isEqualTo(Verdict.STALE);
  }

  @Test
  void dropsOutcomesOfDeadOrigin() {
    sessions.apply(1, new Proposal(7, 1, 1, 0, Commands.create("s")));
    assertThat(sessions.remembered()).isEqualTo(1);
    long later = DeduplicationTable.WINDOW + (1 << 13);
    sessions.apply(later, new Proposal(8, 1, 1, later - 1, new Touch(List.of(new Access("s", 1)))));
    assertThat(sessions.remembered()).isZero();
    assertThat(sessions.apply(later + 1, new Proposal(7, 1, 1, 0, Commands.create("t"))).verdict())
        .isEqualTo(Verdict.STALE);
    assertThat(sessions.find("t")).isNull();
  }

  @Test
  void rotationMovesStateToNewId() {
    apply(Commands.create("old"));
    apply(set("old", "cart", 0, "milk"));
    assertThat(apply(new Save("old", "new", 0, null, List.of()))).isEqualTo(Verdict.DONE);
    assertThat(attribute("new", "cart")).isEqualTo("milk");
    assertThat(sessions.find("old")).isNull();
    assertThat(apply(set("old", "cart", 0, "bread"))).isEqualTo(Verdict.GONE);
  }

  @Test
  void laterAccessPreventsExpiry() {
    apply(new Create("s", 0, 100, Map.of()));
    List<Access> seen = sessions.pick(record -> record.expiredAt(100, record.lastAccessed()), 10);
    assertThat(seen).containsExactly(new Access("s", 0));
    apply(new Touch(List.of(new Access("s", 90))));
    apply(new Expire(seen));
    assertThat(sessions.find("s")).isNotNull();
    apply(new Expire(List.of(new Access("s", 90))));
    assertThat(sessions.find("s")).isNull();
  }

  @Test
  void sessionExpiresAtItsIdleLimit() {
    SessionRecord record = SessionRecord.of(new Create("s", 1_000, 2_000, Map.of()), 1);
    assertThat(record.expiredAt(2_999, 1_000)).isFalse();
    assertThat(record.expiredAt(3_000, 1_000)).isTrue();
    assertThat(record.expiredAt(3_000, 1_001)).isFalse();
    assertThat(SessionRecord.of(Commands.create("s"), 1).expiredAt(Long.MAX_VALUE, 0)).isFalse();
  }

  @Provide
  Arbitrary<Command> commands() {
    return Commands.any();
  }

  @Property(tries = 200)
  void snapshotAtAnyIndexGivesSameState(
      @ForAll @Size(max = 60) List<@net.jqwik.api.From("commands") Command> log, @ForAll @IntRange(max = 60) int cut) {
    Sessions straight = new Sessions();
    Sessions restored = new Sessions();
    for (int i = 0; i < log.size(); i++) {
      if (i == cut) {
        WireWriter out = new WireWriter();
        restored.writeTo(out);
        byte[] snapshot = out.toArray();
        restored = new Sessions();
        // A snapshot replaces the earlier state.
        restored.apply(1, new Proposal(99, 1, 1, 0, Commands.create("other")));
        restored.readFrom(new WireReader(snapshot, 0, snapshot.length));
      }
      // Some requests come twice.
      Proposal proposal = new Proposal(i % 3, i / 6, Math.max(0, i / 6 - 1), i, log.get(i));
      assertThat(restored.apply(i + 1, proposal)).isEqualTo(straight.apply(i + 1, proposal));
    }
    WireWriter one = new WireWriter();
    straight.writeTo(one);
    WireWriter other = new WireWriter();
    restored.writeTo(other);
    assertThat(other.toArray()).isEqualTo(one.toArray());
  }
}
