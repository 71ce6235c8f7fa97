package dev.statecraft.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.stateless.ApiContract;
import dev.statecraft.stateless.CancellationContract;
import dev.statecraft.stateless.DownstreamContract;
import dev.statecraft.stateless.EchoContract;
import dev.statecraft.stateless.FairnessContract;
import dev.statecraft.stateless.FanoutContract;
import dev.statecraft.stateless.RawClient;
import dev.statecraft.stateless.RelayContract;
import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SheddingContract;
import dev.statecraft.stateless.StalledClientContract;
import dev.statecraft.stateless.WorkContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.acceptors=1\nstatecraft.maximum-requests=12"})
class ReactiveServiceTest extends RunningReactiveService
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
  void clientsThatCalculateStarveNobody() throws Exception {
    List<RawClient> calculating = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        calculating.add(connect().sendGet("/work?cpu=60000"));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(get("/whoami").statusCode()).isEqualTo(200);
      }
    } finally {
      for (RawClient client : calculating) {
        client.close();
      }
    }
  }
}
