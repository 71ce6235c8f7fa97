package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Who gives way at the maximum of client connections. */
class ConnectionLimitIT {
  private static final int MAXIMUM = 40;
  private static final String GET = "GET /shop/%s HTTP/1.1\r\nHost: a\r\n\r\n";

  @Test
  void idleConnectionSurvivesClientWithManyExchanges() throws IOException {
    List<RawClient> hostile = new ArrayList<>();
    try (Backend node = Backend.start("one").answering((request, response) -> request.uri().contains("never")
        ? Mono.never()
        : response.sendString(Mono.just("one")));
        TestGateway gateway = TestGateway.over(List.of(node),
            "statecraft.gateway.client.maximum-connections=" + MAXIMUM,
            "statecraft.gateway.routes.shop.deadline=60s");
        RawClient honest = RawClient.connectFrom("127.0.0.2", gateway.port())) {
      honest.send(GET.formatted("first"));
      assertThat(honest.readResponse().status()).isEqualTo(200);
      for (int i = 0; i < 3 * MAXIMUM; i++) {
        RawClient connection = RawClient.connectFrom("127.0.0.3", gateway.port());
        hostile.add(connection);
        connection.send(GET.formatted("never"));
      }
      int most = MAXIMUM + 2;
      await()
          .until(() -> gateway.metric("statecraft_gateway_client_closed_total", "connections") >= 3 * MAXIMUM - most);
      honest.send(GET.formatted("second"));
      assertThat(honest.readResponse().status()).isEqualTo(200);
      assertThat(gateway.context().getBean(MeterRegistry.class).get("statecraft.gateway.client.connections").gauge()
          .value()).isBetween(2.0, (double) most);
    } finally {
      for (RawClient connection : hostile) {
        connection.close();
      }
    }
  }
}
