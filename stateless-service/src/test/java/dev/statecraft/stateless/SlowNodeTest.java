package dev.statecraft.stateless;

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
    return "stateless-service";
  }
}
