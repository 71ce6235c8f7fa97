package dev.statecraft.reactive;

import dev.statecraft.service.contract.ApiContract;
import dev.statecraft.service.contract.DeadlineContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.UnconfiguredContract;
import dev.statecraft.service.contract.WorkContract;
import org.springframework.test.context.TestPropertySource;

/** The parts of the contract that need neither other services nor long waits nor overload. */
@TestPropertySource(properties = ServiceUnderTest.PROPERTIES)
class ReactiveServiceTest extends RunningService
    implements
      ApiContract,
      DeadlineContract,
      WorkContract,
      UnconfiguredContract {}
