package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=virtual-threads\nstatecraft.virtual-threads.maximum=12"})
class StatelessServiceTest extends RunningService
    implements
      ApiContract,
      EchoContract,
      WorkContract,
      StalledClientContract,
      CancellationContract,
      FairnessContract,
      SheddingContract,
      FanoutContract,
      RelayContract {
  @DynamicPropertySource
  static void downstream(DynamicPropertyRegistry registry) {
    DownstreamContract.properties().forEach((name, value) -> registry.add(name, () -> value));
  }

  @Override
  public int room() {
    return 12;
  }

  @Test
  void parallelCallsAllTargetsAtOnceOnThreadsOfTheSystemToo() throws Exception {
    DOWNSTREAM.answerOnlyTogether(3);
    assertThat(get("/fanout?mode=parallel&with=threads").statusCode()).isEqualTo(200);
  }
}
