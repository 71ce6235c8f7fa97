package dev.statecraft.reactive;

import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SlowNodeContract;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, SlowNodeContract.SLOW})
class SlowNodeTest implements SlowNodeContract {
  @LocalServerPort
  private int port;

  @Override
  public int port() {
    return port;
  }

  @Override
  public String service() {
    return "reactive-service";
  }
}
