package dev.statecraft.reactive;

import dev.statecraft.service.contract.ApiContract;
import dev.statecraft.service.contract.DeadlineContract;
import dev.statecraft.service.contract.DownstreamContract;
import dev.statecraft.service.contract.FanoutContract;
import dev.statecraft.service.contract.RelayContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.WorkContract;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The parts of the contract that need neither long waits nor overload. */
@TestPropertySource(properties = ServiceUnderTest.PROPERTIES)
class ReactiveServiceTest extends RunningService
    implements
      ApiContract,
      DeadlineContract,
      WorkContract,
      FanoutContract,
      RelayContract {
  @DynamicPropertySource
  static void downstream(DynamicPropertyRegistry registry) {
    DownstreamContract.properties().forEach((name, value) -> registry.add(name, () -> value));
  }
}
