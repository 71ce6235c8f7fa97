package dev.statecraft.stateless.concurrency;

import dev.statecraft.service.contract.ApiContract;
import dev.statecraft.service.contract.FairnessContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.SheddingContract;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=pool\nstatecraft.pool.minimum=1\nstatecraft.pool.maximum=3\nstatecraft.pool.queue=2"})
class PoolServiceIT extends RunningService
    implements
      ApiContract,
      FairnessContract,
      SheddingContract {
  @Override
  public int capacity() {
    return 5;
  }
}
