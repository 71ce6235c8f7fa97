package dev.statecraft.gateway.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What an application's own global filters change reaches the wire, on routes of both kinds. */
class CustomFiltersTest {
  private static final String PAGE = """
      statecraft.gateway.routes.own:
        prefix: /own
        nodes: {own: '${shop}'}
      spring.cloud.gateway.server.webflux.routes:
        - id: stock
          uri: lb://shop
          predicates: [Path=/stock/**]
          filters: [StripPrefix=1]
      """;

  private static Backend shop;
  private static TestGateway gateway;

  /** Filters as applications write them. Not a component, so that other tests do not have them. */
  static final class Filters {
    @Bean
    GlobalFilter unordered() {
      return (exchange, chain) -> {
        ServerHttpRequest request = exchange.getRequest().mutate().header("X-User", "ada").build();
        return chain.filter(exchange.mutate().request(request).build()).then(Mono.fromRunnable(() -> {
          exchange.getResponse().getHeaders().set("X-Served-By", "gateway");
          exchange.getResponse().getHeaders().add("X-Status", String.valueOf(exchange.getResponse().getStatusCode()));
        }));
      };
    }

    @Bean
    UpperCase upperCase() {
      return new UpperCase();
    }
  }

  /** Changes bodies. It is before the filter that writes them. */
  static final class UpperCase implements GlobalFilter, Ordered {
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
      return chain.filter(exchange.mutate().response(new ServerHttpResponseDecorator(exchange.getResponse()) {
        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
          return super.writeWith(Flux.from(body).map(part -> {
            String text = part.toString(StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
            DataBufferUtils.release(part);
            return bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8));
          }));
        }
      }).build());
    }

    @Override
    public int getOrder() {
      return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;
    }
  }

  @BeforeAll
  static void start() {
    shop = Backend.start("shop");
    gateway = TestGateway.ofPage(PAGE, List.of(shop), List.of("shop=" + shop.url()), Filters.class);
    gateway.awaitAvailable("own", "own", true);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    shop.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own/cart", "/stock/cart"})
  void changesReachServiceAndClient(String path) {
    shop.received().clear();
    shop.answering((request, response) -> response.status(201).header("Content-Length", "5")
        .sendString(Mono.just("hello")));
    HttpResponse<String> response = gateway.post(path, "x");
    assertThat(shop.received()).singleElement().satisfies(received -> {
      assertThat(received.uri()).isEqualTo("/cart");
      assertThat(received.headers().get("X-User")).isEqualTo("ada");
    });
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("HELLO");
    assertThat(response.headers().allValues("X-Served-By")).containsExactly("gateway");
    assertThat(response.headers().firstValue("X-Status")).hasValue("201 CREATED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own/cart", "/stock/cart"})
  void changesReachStreams(String path) {
    shop.answering((request, response) -> response.send(request.receive().retain()));
    String text = "abcdefghij".repeat(20_000);
    assertThat(gateway.post(path, text).body()).isEqualTo(text.toUpperCase(Locale.ROOT));
  }
}
