package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=virtual-threads\nstatecraft.virtual-threads.maximum=12"})
class StatelessServiceTest
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

  @LocalServerPort
  private int port;

  @Override
  public int port() {
    return port;
  }

  @Override
  public String service() {
    return "stateless-service";
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
