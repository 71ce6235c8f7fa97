package dev.statecraft.stateless;

import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import dev.statecraft.service.contract.SlowNodeContract;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, SlowNodeContract.SLOW})
class SlowNodeTest extends RunningService implements SlowNodeContract {}
