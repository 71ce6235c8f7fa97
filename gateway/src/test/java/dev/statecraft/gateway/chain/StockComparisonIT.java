package dev.statecraft.gateway.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The answers of {@code storefront.yaml}, an application of Spring Cloud Gateway, are those of Spring's own forwarding
 * filters, byte for byte.
 */
class StockComparisonIT {
  private static final String HOST = "shop.example";

  private static Backend catalog;
  private static Backend orders;
  private static ConfigurableApplicationContext stock;
  private static TestGateway gateway;

  /** Spring Cloud Gateway with nothing of ours. Not a component, so that other tests do not have it. */
  @EnableAutoConfiguration
  static class StockGateway {}

  @BeforeAll
  static void start() throws IOException {
    catalog = Backend.start("catalog").answering(StockComparisonIT::answer);
    orders = Backend.start("orders").answering(StockComparisonIT::answer);
    stock = new SpringApplicationBuilder(StockGateway.class).run("--spring.config.location=classpath:storefront.yaml",
        "--server.port=0", "--server.address=127.0.0.1", "--spring.main.register-shutdown-hook=false",
        "--logging.level.root=warn", "--spring.cloud.discovery.client.simple.instances.catalog[0].uri=" + catalog.url(),
        "--spring.cloud.discovery.client.simple.instances.orders[0].uri=" + orders.url(),
        // Read by the check of this gateway's settings, which sees every application of the test.
        "--statecraft.gateway.services.unused.nodes.none=http://127.0.0.1:1");
    try (var page = Objects.requireNonNull(StockComparisonIT.class.getResourceAsStream("/storefront.yaml"))) {
      gateway = TestGateway.ofPage(new String(page.readAllBytes(), StandardCharsets.UTF_8), List.of(catalog, orders),
          List.of());
    }
  }

  @AfterAll
  static void stop() {
    gateway.close();
    stock.close();
    catalog.close();
    orders.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /api/catalog/products?page=2&q=a%20b", "GET /api/catalog", "HEAD /api/catalog/products",
    "POST /api/catalog/products|Content-Type: application/json|Content-Length: 7\n{\"a\":1}",
    "POST /api/catalog/products|Transfer-Encoding: chunked\n3\r\nabc\r\n0\r\n\r\n",
    "GET /api/catalog/products|Origin: https://shop.example", "GET /api/catalog/products|Origin: https://evil.example",
    "OPTIONS /api/catalog/products|Origin: https://shop.example|Access-Control-Request-Method: PUT"
        + "|Access-Control-Request-Headers: X-Token",
    "OPTIONS /api/catalog/products|Origin: https://shop.example|Access-Control-Request-Method: PATCH",
    "OPTIONS /api/catalog/products|Origin: https://evil.example|Access-Control-Request-Method: GET",
    "GET /api/orders/7", "GET /api/orders", "GET /api/orders/status/500", "GET /api/orders/status/404",
    "GET /api/orders/status/204", "GET /api/orders/status/304", "GET /api/orders/chunked", "GET /api/orders/long",
    "GET /api/orders/cookies", "POST /api/orders/status/503|Content-Length: 2\nhi",
    "POST /api/payments/x|X-Api-Version: 2|Content-Length: 0", "GET /api/payments/500|X-Api-Version: 2|X-Status: 500",
    "GET /legacy/12", "GET /legacy/created?a=b", "GET /old/thing", "GET /secured/area?token=t&x=1",
    "GET /x/y|Host: admin.shop.example|Cookie: a=b; role=admin", "GET /api/catalog/caf%C3%A9?x=%C3%A9&y=+"})
  void answersAreThoseOfStock(String request) throws IOException {
    int stockPort = Objects.requireNonNull(((WebServerApplicationContext) stock).getWebServer()).getPort();
    String expected = answer(stockPort, request);
    assertThat(expected).startsWith("HTTP/1.1 ");
    assertThat(answer(gateway.port(), request)).isEqualTo(expected);
  }

  /** Sends {@code METHOD TARGET|Header: value|...\nbody} on a connection of its own, and returns the answer's bytes. */
  private static String answer(int port, String request) throws IOException {
    int body = request.indexOf('\n');
    String head = body < 0 ? request : request.substring(0, body);
    String fields = head.replace("|", "\r\n");
    String text = fields.contains("\r\nHost:") ? fields : fields + "\r\nHost: " + HOST;
    try (RawClient client = RawClient.connect(port)) {
      int line = text.indexOf("\r\n");
      client.send(text.substring(0, line) + " HTTP/1.1" + text.substring(line) + "\r\nConnection: close\r\n\r\n"
          + (body < 0 ? "" : request.substring(body + 1)));
      return client.readAll();
    }
  }

  private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    String path = request.uri();
    String status = request.requestHeaders().get("X-Status");
    response.header("X-Powered-By", "statecraft").header("Content-Type", "text/plain;charset=UTF-8")
        .header("Access-Control-Allow-Origin", "https://shop.example");
    if (status != null || path.contains("/status/")) {
      int code = Integer.parseInt(status != null ? status : path.substring(path.length() - 3));
      return code == 204 || code == 304 ? response.status(code).send() : text(response.status(code), "status " + code);
    }
    if (path.contains("/chunked")) {
      return response.sendString(Mono.just("no length"));
    }
    if (path.contains("/long")) {
      return text(response, "0123456789".repeat(20_000));
    }
    if (path.contains("/cookies")) {
      return text(
          response.addHeader("Set-Cookie", "a=1; Path=/").addHeader("Set-Cookie", "b=2").header("ETag", "\"7\""),
          "cookies");
    }
    if (path.contains("/created")) {
      return text(response.status(201).header("Location", "http://catalog:8080/products/13"), "created");
    }
    return request.receive().aggregate().asString().defaultIfEmpty("").flatMap(body -> Mono.from(text(response,
        request.method() + " " + path + ' ' + request.requestHeaders().get("X-Request-Source") + ' ' + body)));
  }

  private static Publisher<Void> text(HttpServerResponse response, String body) {
    return response.header("Content-Length", Integer.toString(body.getBytes(StandardCharsets.UTF_8).length))
        .sendString(Mono.just(body));
  }
}
