package dev.statecraft.stateless.concurrency;

import dev.statecraft.stateless.ApiContract;
import dev.statecraft.stateless.FairnessContract;
import dev.statecraft.stateless.RunningService;
import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SheddingContract;
import dev.statecraft.stateless.UnconfiguredContract;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=pool\nstatecraft.pool.minimum=1\nstatecraft.pool.maximum=3\nstatecraft.pool.queue=2"})
class PoolServiceTest extends RunningService
    implements
      ApiContract,
      FairnessContract,
      SheddingContract,
      UnconfiguredContract {
  @Override
  public int room() {
    return 5;
  }
}
