package dev.statecraft.service.contract;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Runs the service under test in this process on a free port. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class RunningService implements ServiceUnderTest {
  @LocalServerPort
  private int port;
  @Value("${spring.application.name}")
  private String service = "";

  @Override
  public final int port() {
    return port;
  }

  @Override
  public final String service() {
    return service;
  }
}
