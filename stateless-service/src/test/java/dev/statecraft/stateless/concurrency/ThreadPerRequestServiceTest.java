package dev.statecraft.stateless.concurrency;

import dev.statecraft.stateless.ApiContract;
import dev.statecraft.stateless.FairnessContract;
import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SheddingContract;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=thread-per-request\nstatecraft.thread-per-request.maximum=4"})
class ThreadPerRequestServiceTest implements ApiContract, FairnessContract, SheddingContract {
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

  @Override
  public int room() {
    return 4;
  }
}
