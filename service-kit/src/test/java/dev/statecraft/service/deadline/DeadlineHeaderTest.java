package dev.statecraft.service.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.statecraft.service.deadline.DeadlineHeaderCases.Case;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadlineHeaderTest {
  @ParameterizedTest
  @MethodSource("dev.statecraft.service.deadline.DeadlineHeaderCases#all")
  void meansWhatTheTableSays(Case given) {
    if (given.timeLeft() == null) {
      assertThatIllegalArgumentException().isThrownBy(() -> read(given.values()))
          .withMessageStartingWith("X-Deadline-Millis must be one whole number of milliseconds");
    } else {
      assertThat(read(given.values())).isEqualTo(given.timeLeft());
    }
  }

  @Property
  void wholeNumberMeansAtMostTheLimit(@ForAll @BigRange(min = "0", max = "99999999999999999999") BigInteger millis) {
    Duration timeLeft = read(List.of(millis.toString()));
    assertThat(timeLeft.toMillis())
        .isEqualTo(millis.min(BigInteger.valueOf(DeadlineHeaderCases.LIMIT.toMillis())).longValueExact());
  }

  @Property
  void anythingElseIsMalformed(@ForAll String value) {
    Assume.that(!value.matches("[0-9]+"));
    assertThatIllegalArgumentException().isThrownBy(() -> read(List.of(value)));
  }

  private static Duration read(List<String> values) {
    return DeadlineHeader.read(values, DeadlineHeaderCases.LIMIT);
  }
}
