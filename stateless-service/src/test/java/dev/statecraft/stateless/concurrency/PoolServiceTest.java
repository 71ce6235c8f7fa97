package dev.statecraft.stateless.concurrency;

import dev.statecraft.stateless.ApiContract;
import dev.statecraft.stateless.FairnessContract;
import dev.statecraft.stateless.ServiceUnderTest;
import dev.statecraft.stateless.SheddingContract;
import dev.statecraft.stateless.UnconfiguredContract;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES,
  "statecraft.concurrency=pool\nstatecraft.pool.minimum=1\nstatecraft.pool.maximum=3\nstatecraft.pool.queue=2"})
class PoolServiceTest implements ApiContract, FairnessContract, SheddingContract, UnconfiguredContract {
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
    return 5;
  }
}
