package dev.statecraft.reactive;

import dev.statecraft.stateless.StatelessContract;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
  "statecraft.node=node-under-test", "statecraft.maximum-body=64KB"})
class ReactiveServiceTest extends StatelessContract {
  @LocalServerPort
  private int port;

  @Override
  protected int port() {
    return port;
  }

  @Override
  protected String service() {
    return "reactive-service";
  }
}
