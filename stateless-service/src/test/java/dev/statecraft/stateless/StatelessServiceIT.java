package dev.statecraft.stateless;

import dev.statecraft.service.contract.CancellationContract;
import dev.statecraft.service.contract.EchoContract;
import dev.statecraft.service.contract.FairnessContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.SheddingContract;
import dev.statecraft.service.contract.StalledClientContract;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=virtual-threads\nstatecraft.virtual-threads.maximum=12"})
class StatelessServiceIT extends RunningService
    implements
      EchoContract,
      StalledClientContract,
      CancellationContract,
      FairnessContract,
      SheddingContract {
  @Override
  public int capacity() {
    return 12;
  }
}
