package dev.statecraft.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.contract.CancellationContract;
import dev.statecraft.service.contract.DownstreamContract;
import dev.statecraft.service.contract.EchoContract;
import dev.statecraft.service.contract.FairnessContract;
import dev.statecraft.service.contract.FanoutContract;
import dev.statecraft.service.contract.RawClient;
import dev.statecraft.service.contract.RelayContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.SheddingContract;
import dev.statecraft.service.contract.StalledClientContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.acceptors=1\nstatecraft.maximum-requests=12"})
class ReactiveServiceIT extends RunningService
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
  void cpuWorkDoesNotStarveOthers() throws Exception {
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
