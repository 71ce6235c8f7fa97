package dev.statecraft.stateless.concurrency;

import dev.statecraft.stateless.ApiContract;
import dev.statecraft.stateless.FairnessContract;
import dev.statecraft.stateless.RunningService;
import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SheddingContract;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=thread-per-request\nstatecraft.thread-per-request.maximum=4"})
class ThreadPerRequestServiceTest extends RunningService implements ApiContract, FairnessContract, SheddingContract {
  @Override
  public int room() {
    return 4;
  }
}
