package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.contract.CancellationContract;
import dev.statecraft.service.contract.DownstreamContract;
import dev.statecraft.service.contract.EchoContract;
import dev.statecraft.service.contract.FairnessContract;
import dev.statecraft.service.contract.FanoutContract;
import dev.statecraft.service.contract.RelayContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.SheddingContract;
import dev.statecraft.service.contract.StalledClientContract;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=virtual-threads\nstatecraft.virtual-threads.maximum=12"})
class StatelessServiceIT extends RunningService
    implements
      EchoContract,
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
  public int capacity() {
    return 12;
  }

  @Test
  void parallelWithThreadsCallsAllTargetsAtOnce() throws Exception {
    DOWNSTREAM.answerAfter(3);
    assertThat(get("/fanout?mode=parallel&with=threads").statusCode()).isEqualTo(200);
  }
}
