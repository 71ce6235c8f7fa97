package dev.statecraft.gateway.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;

class TracingIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private final Backend one = Backend.start("one");
  private final Backend two = Backend.start("two");

  static class Exporter {
    @Bean
    SpanExporter spanExporter() {
      return InMemorySpanExporter.create();
    }
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void attemptIsChildOfRequestAndParentOfNode() {
    try (TestGateway gateway = start()) {
      assertThat(gateway.get("/one/cart?token=secret").statusCode()).isEqualTo(200);
      SpanData request = spans(gateway, SpanKind.SERVER, 1).getFirst();
      SpanData attempt = spans(gateway, SpanKind.CLIENT, 1).getFirst();
      assertThat(request.getParentSpanContext().isValid()).isFalse();
      assertThat(attempt.getTraceId()).isEqualTo(request.getTraceId());
      assertThat(attempt.getParentSpanId()).isEqualTo(request.getSpanId());
      assertThat(one.received().getFirst().headers().getAll("traceparent"))
          .containsExactly("00-" + attempt.getTraceId() + '-' + attempt.getSpanId() + '-'
              + attempt.getSpanContext().getTraceFlags().asHex());
      assertThat(attempt.getSpanContext().isSampled()).isTrue();
      assertThat(attempt.getName()).isEqualTo("GET");
      assertThat(attribute(attempt, "http.response.status_code")).isEqualTo("200");
      assertThat(attribute(attempt, "statecraft.node")).isEqualTo("one");
      assertThat(attribute(attempt, "server.port")).isEqualTo(Integer.toString(one.port()));
      assertThat(attribute(attempt, "url.full")).isEqualTo(one.url() + "/cart");
      assertThat(attribute(attempt, "spring.cloud.gateway.route.id")).isEqualTo("one");
      assertThat(attribute(request, "spring.cloud.gateway.route.id")).isEqualTo("one");
      assertThat(gateway.get("/actuator/prometheus").body()).doesNotContain("http_server_requests",
          "statecraft_gateway_attempt_seconds");
    }
  }

  @Test
  void retryIsSecondAttempt() {
    one.answering((request, response) -> response.status(503).send());
    try (TestGateway gateway = start()) {
      assertThat(gateway.get("/both/x").statusCode()).isEqualTo(200);
      assertThat(gateway.get("/both/x").statusCode()).isEqualTo(200);
      List<SpanData> attempts = spans(gateway, SpanKind.CLIENT, found -> found.stream().anyMatch(TracingIT::isRetry));
      SpanData retry = attempts.stream().filter(TracingIT::isRetry).findFirst().orElseThrow();
      SpanData failed = attempts.stream()
          .filter(span -> span.getTraceId().equals(retry.getTraceId()) && !isRetry(span)).findFirst().orElseThrow();
      assertThat(attribute(failed, "statecraft.node")).isEqualTo("one");
      assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(attribute(failed, "error.type")).isEqualTo("declined");
      assertThat(attribute(failed, "http.response.status_code")).isEqualTo("503");
      assertThat(attribute(retry, "http.request.resend_count")).isEqualTo("1");
      assertThat(attribute(retry, "statecraft.node")).isEqualTo("two");
      assertThat(retry.getParentSpanId()).isEqualTo(failed.getParentSpanId());
      assertThat(retry.getStartEpochNanos()).isGreaterThanOrEqualTo(failed.getStartEpochNanos());
    }
  }

  @Test
  void routeOfSpringCloudGatewayIsTraced() {
    String page = """
        spring.cloud.gateway.server.webflux.routes:
          - { id: cart, uri: 'lb://one', predicates: [Path=/cart/**], filters: ['AddRequestHeader=X-A, b'] }
        """;
    List<String> properties = List.of("management.tracing.export.enabled=true",
        "management.tracing.sampling.probability=1", "management.opentelemetry.tracing.export.schedule-delay=50ms");
    try (TestGateway gateway = TestGateway.ofPage(page, List.of(one), properties, Exporter.class)) {
      assertThat(gateway.get("/cart/x").statusCode()).isEqualTo(200);
      SpanData attempt = spans(gateway, SpanKind.CLIENT, 1).getFirst();
      assertThat(attempt.getParentSpanId()).isEqualTo(spans(gateway, SpanKind.SERVER, 1).getFirst().getSpanId());
      assertThat(attribute(attempt, "spring.cloud.gateway.route.id")).isEqualTo("cart");
    }
  }

  @Test
  void traceOfStrangerIsNotContinued() {
    try (TestGateway gateway = start()) {
      gateway.get("/one/x", "traceparent", parent("01"), "tracestate", "vendor=1");
      SpanData request = spans(gateway, SpanKind.SERVER, 1).getFirst();
      assertThat(request.getTraceId()).isNotEqualTo(TRACE);
      assertThat(request.getParentSpanContext().isValid()).isFalse();
      assertThat(one.received().getFirst().headers().get("traceparent")).contains(request.getTraceId());
      assertThat(one.received().getFirst().headers().contains("tracestate")).isFalse();
    }
  }

  @Test
  void traceOfTrustedProxyIsContinuedAsItDecided() {
    try (TestGateway gateway = start("statecraft.gateway.client.trusted-proxies=127.0.0.0/8")) {
      gateway.get("/one/unsampled", "traceparent", parent("00"));
      gateway.get("/one/sampled", "traceparent", parent("01"));
      SpanData request = spans(gateway, SpanKind.SERVER, 1).getFirst();
      assertThat(request.getTraceId()).isEqualTo(TRACE);
      assertThat(request.getParentSpanId()).isEqualTo(SPAN);
      assertThat(spans(gateway, SpanKind.CLIENT, 1)).hasSize(1);
      assertThat(one.received().getFirst().headers().get("traceparent")).startsWith("00-" + TRACE).endsWith("-00");
    }
  }

  @Test
  void gatewayWithoutCollectorMakesNoSpans() {
    try (TestGateway gateway = TestGateway.over(List.of(one))) {
      gateway.get("/shop/x", "traceparent", parent("01"));
      assertThat(one.received().getFirst().headers().get("traceparent")).isEqualTo(parent("01"));
      assertThat(gateway.context().getBeanNamesForType(Tracer.class)).isEmpty();
      assertThat(gateway.context().getBeanNamesForType(AttemptTracing.class)).isEmpty();
      assertThat(gateway.get("/actuator/prometheus").body()).doesNotContain("http_server_requests");
    }
  }

  @Test
  void spansReachCollector() {
    try (Backend collector = Backend.start("collector");
        TestGateway gateway = TestGateway.over(List.of(one),
            "management.opentelemetry.tracing.export.otlp.endpoint=" + collector.url() + "/v1/traces",
            "management.tracing.sampling.probability=1",
            "management.opentelemetry.tracing.export.schedule-delay=50ms")) {
      assertThat(gateway.get("/shop/x").statusCode()).isEqualTo(200);
      await().untilAsserted(() -> assertThat(collector.received()).isNotEmpty());
      Backend.ReceivedRequest export = collector.received().getFirst();
      assertThat(export.method()).isEqualTo("POST");
      assertThat(export.uri()).isEqualTo("/v1/traces");
      assertThat(export.headers().get("content-type")).isEqualTo("application/x-protobuf");
    }
  }

  @Test
  void accessLogHasIdOfTrace() {
    Logger logger = (Logger) LoggerFactory.getLogger("reactor.netty.http.server.AccessLog");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    try (TestGateway gateway = start("statecraft.gateway.access-log=json")) {
      logger.setLevel(Level.INFO);
      logger.addAppender(lines);
      lines.start();
      gateway.get("/one/x");
      String trace = spans(gateway, SpanKind.SERVER, 1).getFirst().getTraceId();
      await().untilAsserted(() -> assertThat(List.copyOf(lines.list)).extracting(ILoggingEvent::getFormattedMessage)
          .anyMatch(line -> line.contains("\"uri\":\"/one/x\"") && line.contains("\"trace_id\":\"" + trace + '"')));
    } finally {
      logger.detachAppender(lines);
    }
  }

  private TestGateway start(String... properties) {
    List<String> all = new ArrayList<>(List.of("management.tracing.export.enabled=true",
        "management.tracing.sampling.probability=1", "management.opentelemetry.tracing.export.schedule-delay=50ms",
        "statecraft.gateway.routes.both.balance=round-robin"));
    all.addAll(List.of(properties));
    for (Backend node : List.of(one, two)) {
      for (String route : List.of(node.name(), "both")) {
        String prefix = "statecraft.gateway.routes." + route;
        all.add(prefix + ".prefix=/" + route);
        all.add(prefix + ".probe.interval=50ms");
        all.add(prefix + ".probe.timeout=5s");
        all.add(prefix + ".nodes." + node.name() + '=' + node.url());
      }
    }
    TestGateway gateway = TestGateway.start(all.stream().distinct().toList(), Exporter.class);
    for (Backend node : List.of(one, two)) {
      gateway.awaitAvailable(node.name(), node.name(), true);
      gateway.awaitAvailable("both", node.name(), true);
    }
    return gateway;
  }

  private static String parent(String flags) {
    return "00-" + TRACE + '-' + SPAN + '-' + flags;
  }

  private static boolean isRetry(SpanData span) {
    return !attribute(span, "http.request.resend_count").isEmpty();
  }

  private static List<SpanData> spans(TestGateway gateway, SpanKind kind, int count) {
    return spans(gateway, kind, found -> found.size() == count);
  }

  private static List<SpanData> spans(TestGateway gateway, SpanKind kind, Predicate<List<SpanData>> complete) {
    InMemorySpanExporter exporter = (InMemorySpanExporter) gateway.context().getBean(SpanExporter.class);
    return await().until(
        () -> exporter.getFinishedSpanItems().stream().filter(span -> span.getKind() == kind).toList(),
        complete);
  }

  private static String attribute(SpanData span, String name) {
    return Objects.requireNonNullElse(span.getAttributes().get(AttributeKey.stringKey(name)), "");
  }
}
