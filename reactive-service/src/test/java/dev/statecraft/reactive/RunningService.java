package dev.statecraft.reactive;

import dev.statecraft.stateless.ServiceUnderTest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The reactive service, running at a port that was free. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class RunningService implements ServiceUnderTest {
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
