package dev.statecraft.reactive;

import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SlowNodeContract;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, SlowNodeContract.SLOW})
class SlowNodeTest extends RunningReactiveService implements SlowNodeContract {}
