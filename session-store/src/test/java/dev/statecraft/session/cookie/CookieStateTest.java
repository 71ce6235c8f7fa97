package dev.statecraft.session.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CookieStateTest {
  @Property(tries = 300)
  void readsWhatItWrote(@ForAll("states") CookieState state) {
    assertThat(CookieState.fromBytes(state.toBytes()).orElseThrow()).usingRecursiveComparison().isEqualTo(state);
  }

  @Property(tries = 300)
  void rejectsTruncatedOrLongerBytes(@ForAll("states") CookieState state, @ForAll @IntRange(max = 10_000) int cut) {
    byte[] bytes = state.toBytes();

    assertThat(CookieState.fromBytes(Arrays.copyOf(bytes, cut % bytes.length))).isEmpty();
    assertThat(CookieState.fromBytes(Arrays.copyOf(bytes, bytes.length + 1))).isEmpty();
  }

  @Property(tries = 300)
  void readsAnyBytesWithoutError(@ForAll byte[] bytes) {
    assertThat(CookieState.fromBytes(bytes)).satisfiesAnyOf(
        state -> assertThat(state).isEmpty(),
        state -> assertThat(state.orElseThrow().toBytes()).isNotEmpty());
  }

  @Provide
  Arbitrary<CookieState> states() {
    Arbitrary<Instant> times = Arbitraries.longs().between(0, 1L << 42).map(Instant::ofEpochMilli);
    Arbitrary<Duration> idleTimeouts = Arbitraries.longs().between(-5, 1L << 40).map(Duration::ofMillis);
    Arbitrary<Map<String, byte[]>> attributes = Arbitraries
        .maps(Arbitraries.strings().ofMaxLength(20), Arbitraries.bytes().array(byte[].class).ofMaxSize(300))
        .ofMaxSize(5);
    return Combinators
        .combine(Arbitraries.create(UUID::randomUUID), times, times, times, times, idleTimeouts, attributes)
        .as(CookieState::new);
  }
}
