package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.signing.KeyRing;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Message passing by a signed envelope that carries all its state. */
public interface RelayContract extends DownstreamContract {
  @Test
  default void envelopeVisitsItsRouteAndReturns() throws Exception {
    HttpResponse<String> response = relay("{\"route\":[\"self\",\"self\"],\"payload\":\"news\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"payload\":\"news\"", "\"route\":[]", "\"hops\":6",
        "\"trail\":[" + String.join(",", Collections.nCopies(5, "\"" + NODE + "\"")) + "]");
    assertThat(response.headers().firstValue("X-Envelope-Signature")).hasValue(signature(response.body()));
    assertThat(DOWNSTREAM.requests()).allSatisfy(
        request -> assertThat(request.header("x-envelope-signature")).isEqualTo(signature(request.body())));
  }

  @Test
  default void anyNodeForwardsASignedEnvelope() throws Exception {
    String envelope = envelope("[\"self\"]", 3, Long.MAX_VALUE);
    HttpResponse<String> response = relay(envelope, signature(envelope));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"id\":\"test-envelope\"", "\"hops\":2",
        "\"trail\":[\"elsewhere\",\"" + NODE + "\",\"" + NODE + "\",\"" + NODE + "\"]");
  }

  @Test
  default void hopLimitStopsALoop() throws Exception {
    String circle = String.join(",", Collections.nCopies(20, "\"self\""));
    // The service ignores the number of hops that a client sends.
    HttpResponse<String> response = relay("{\"route\":[" + circle + "],\"payload\":\"round\",\"hops\":1000}");
    ServiceUnderTest.assertProblem(response, 508);
    assertThat(DOWNSTREAM.requests()).hasSize(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", ".", "test.", "test.AAAA", "nobody.AAAA", "test.***"})
  default void forgedSignatureIsUnauthorized(String signature) throws Exception {
    ServiceUnderTest.assertProblem(relay(envelope("[\"self\"]", 3, Long.MAX_VALUE), signature), 401);
    assertThat(DOWNSTREAM.requests()).isEmpty();
  }

  @Test
  default void alteredEnvelopeIsUnauthorized() throws Exception {
    String envelope = envelope("[]", 3, Long.MAX_VALUE);
    ServiceUnderTest.assertProblem(relay(envelope.replace("news", "lies"), signature(envelope)), 401);
  }

  @Test
  default void expiredEnvelopeIsUnauthorized() throws Exception {
    String envelope = envelope("[]", 3, 1);
    ServiceUnderTest.assertProblem(relay(envelope, signature(envelope)), 401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{}", "{\"route\":null,\"payload\":\"x\"}",
    "{\"route\":[],\"payload\":null}",
    "{\"route\":[null],\"payload\":\"x\"}", "{\"route\":[\"nobody\"],\"payload\":\"x\"}", "{\"route\":[]"})
  default void malformedMessageIsABadRequest(String body) throws Exception {
    ServiceUnderTest.assertProblem(relay(body), 400);
  }

  @Test
  default void largeEnvelopeIsRejected() throws Exception {
    ServiceUnderTest.assertProblem(relay("{\"route\":[],\"payload\":\"" + "x".repeat(20_000) + "\"}"), 413);
    // Fits into the limit only without its trail.
    ServiceUnderTest.assertProblem(relay("{\"route\":[],\"payload\":\"" + "x".repeat(16_340) + "\"}"), 413);
  }

  @ParameterizedTest
  @CsvSource({"liar", "failing"})
  default void wrongReplyOfAPeerIsABadGateway(String peer) throws Exception {
    ServiceUnderTest.assertProblem(relay("{\"route\":[\"" + peer + "\"],\"payload\":\"news\"}"), 502);
  }

  @Test
  default void relayEndsAtTheDeadline() throws Exception {
    ServiceUnderTest.assertProblem(send(request("/relay").header("X-Deadline-Millis", "1500")
        .POST(BodyPublishers.ofString("{\"route\":[\"self\",\"hanging\"],\"payload\":\"news\"}"))), 504);
    await().atMost(TIMEOUT).until(() -> DOWNSTREAM.abandoned() == 1);
  }

  @Test
  default void disconnectEndsTheRelay() throws Exception {
    String body = "{\"route\":[\"hanging\"],\"payload\":\"news\"}";
    double before = metric("work_cancelled_total");
    try (RawClient client = connect()) {
      client.send("POST /relay HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
      await().atMost(TIMEOUT).until(() -> DOWNSTREAM.requests().size() == 1);
    }
    await().atMost(TIMEOUT).until(() -> DOWNSTREAM.abandoned() == 1);
    await().atMost(TIMEOUT).until(() -> metric("work_cancelled_total") == before + 1);
  }

  private HttpResponse<String> relay(String body) throws Exception {
    return send(request("/relay").POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> relay(String body, String signature) throws Exception {
    return send(
        request("/relay").header("X-Envelope-Signature", signature).POST(BodyPublishers.ofString(body)));
  }

  private static String envelope(String route, int hops, long expires) {
    return "{\"id\":\"test-envelope\",\"route\":" + route + ",\"hops\":" + hops + ",\"expires\":" + expires
        + ",\"trail\":[\"elsewhere\"],\"payload\":\"news\"}";
  }

  private static String signature(String envelope) {
    return KeyRing.of(Map.of("test", SECRET), "test").signer("statecraft/relay")
        .signDetached(envelope.getBytes(StandardCharsets.UTF_8));
  }
}
