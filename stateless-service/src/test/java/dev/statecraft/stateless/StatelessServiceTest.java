package dev.statecraft.stateless;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
  "statecraft.node=node-under-test", "statecraft.maximum-body=64KB"})
class StatelessServiceTest extends StatelessContract {
  @LocalServerPort
  private int port;

  @Override
  protected int port() {
    return port;
  }

  @Override
  protected String service() {
    return "stateless-service";
  }
}
