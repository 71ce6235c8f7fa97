package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The echo server. */
public interface EchoContract extends ServiceUnderTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, 65_536, 5_000_000})
  default void returnsEachByte(int size) throws Exception {
    byte[] body = new byte[size];
    new Random(size).nextBytes(body);
    HttpResponse<byte[]> response = CLIENT.send(request("/echo").POST(BodyPublishers.ofByteArray(body)).build(),
        BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(body);
  }

  @Test
  default void returnsMessageOfQuery() throws Exception {
    assertThat(get("/echo?message=gr%C3%BC%C3%9F%20dich").body()).isEqualTo("grüß dich");
    assertThat(get("/echo").body()).isEmpty();
  }

  @Test
  default void answersNeverAsHtml() throws Exception {
    HttpResponse<String> posted = send(request("/echo").header("Content-Type", "text/html")
        .header("Accept", "text/html").POST(BodyPublishers.ofString("<script>alert(1)</script>")));
    assertThat(posted.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    HttpResponse<String> queried = get("/echo?message=%3Cscript%3Ealert(1)%3C/script%3E");
    assertThat(queried.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
  }

  @Test
  default void declaredLengthOverLimitIsRejectedAtOnce() throws Exception {
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + (MAX_BODY_BYTES + 1) + "\r\n\r\n");
      assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
    }
  }

  @Test
  default void answersBeforeTheBodyEnds() throws Exception {
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("5\r\nfirst\r\n");
      assertThat(client.readTo("first")).startsWith("HTTP/1.1 200 ");
      client.send("6\r\nsecond\r\n");
      client.readTo("second");
      client.send("0\r\n\r\n");
      assertThat(client.readTo("0\r\n\r\n")).doesNotContain("first");
    }
  }

  @Test
  default void bodyThatExceedsLimitIsAborted() throws Exception {
    byte[] chunk = ("100000\r\n" + "x".repeat(0x100000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
      Thread sender = Thread.ofVirtual().start(() -> {
        try {
          for (int sent = 0; sent <= MAX_BODY_BYTES; sent += 0x100000) {
            client.send(chunk);
          }
          client.send("0\r\n\r\n");
        } catch (IOException aborted) {
          // Expected.
        }
      });
      assertThat(client.readToEnd()).contains("xxx").doesNotEndWith("0\r\n\r\n");
      sender.join();
    }
  }
}
