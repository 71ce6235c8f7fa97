package dev.statecraft.stateless;

import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, SlowNodeContract.SLOW})
class SlowNodeTest extends RunningService implements SlowNodeContract {}
