package dev.statecraft.stateless;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A service that runs in this process, at a port that was free. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class RunningService implements ServiceUnderTest {
  @LocalServerPort
  private int port;

  @Override
  public final int port() {
    return port;
  }

  @Override
  public String service() {
    return "stateless-service";
  }
}
