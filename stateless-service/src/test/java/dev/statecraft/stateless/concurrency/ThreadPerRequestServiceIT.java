package dev.statecraft.stateless.concurrency;

import dev.statecraft.service.contract.ApiContract;
import dev.statecraft.service.contract.FairnessContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.SheddingContract;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=thread-per-request\nstatecraft.thread-per-request.maximum=4"})
class ThreadPerRequestServiceIT extends RunningService implements ApiContract, FairnessContract, SheddingContract {
  @Override
  public int capacity() {
    return 4;
  }
}
