package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.Outcome.Verdict;
import dev.statecraft.session.replicated.wire.MalformedException;
import dev.statecraft.session.replicated.wire.WireWriter;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CommandCodecTest {
  @Provide
  Arbitrary<Command> commands() {
    return Commands.any();
  }

  @Provide
  Arbitrary<Long> counts() {
    return Arbitraries.longs().greaterOrEqual(0);
  }

  @Property(tries = 500)
  void decodesWhatItEncodes(
      @ForAll long origin,
      @ForAll("counts") long sequence,
      @ForAll("counts") long oldest,
      @ForAll("counts") long basis,
      @ForAll("commands") Command command) {
    Proposal proposal = new Proposal(origin, sequence, oldest, basis, command);
    byte[] bytes = CommandCodec.encode(proposal);
    assertThat(CommandCodec.decode(bytes, 0, bytes.length)).isEqualTo(proposal);
  }

  @Property(tries = 500)
  void rejectsOneFlippedBit(@ForAll("commands") Command command, @ForAll @IntRange(min = 0) int where) {
    byte[] bytes = CommandCodec.encode(new Proposal(1, 2, 3, 4, command));
    int bit = where % (bytes.length * Byte.SIZE);
    bytes[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
    assertThatThrownBy(() -> CommandCodec.decode(bytes, 0, bytes.length)).isInstanceOf(MalformedException.class);
  }

  @Property(tries = 200)
  void rejectsTruncatedBytes(@ForAll("commands") Command command, @ForAll @IntRange(min = 0) int where) {
    byte[] bytes = CommandCodec.encode(new Proposal(1, 2, 3, 4, command));
    assertThatThrownBy(() -> CommandCodec.decode(bytes, 0, where % bytes.length))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void rejectsUnknownVersionWithValidChecksum() {
    byte[] future = new WireWriter().octet(2).text("unknown content").toCheckedArray();
    assertThatThrownBy(() -> CommandCodec.decode(future, 0, future.length))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void barrierTakesAtMost22Bytes() {
    assertThat(CommandCodec.encode(new Proposal(1, 300, 299, 100_000, new Barrier()))).hasSizeLessThanOrEqualTo(22);
  }

  @Property(tries = 200)
  void decodesOutcomeOfItsOwnRequestOnly(
      @ForAll("counts") long sequence, @ForAll("counts") long other, @ForAll Verdict verdict,
      @ForAll @LongRange(min = 1) long index) {
    byte[] bytes = CommandCodec.encode(sequence, new Outcome(verdict, index));
    assertThat(CommandCodec.decodeOutcome(sequence, bytes)).isEqualTo(new Outcome(verdict, index));
    if (other != sequence) {
      assertThat(CommandCodec.decodeOutcome(other, bytes)).isNull();
    }
  }
}
