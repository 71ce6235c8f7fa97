package dev.statecraft.service.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.service.relay.RelayProtocol.SignedEnvelope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.json.JsonMapper;

class RelayProtocolTest {
  private static final String OLD_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final String NEW_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";
  private static final byte[] MESSAGE = "{\"route\":[\"peer\"],\"payload\":\"news\"}".getBytes(StandardCharsets.UTF_8);

  @Test
  void nodesAcceptEachOthersEnvelopesDuringKeyRotation() {
    RelayProtocol before = protocol("before", Map.of("old", OLD_KEY, "new", NEW_KEY), "old");
    RelayProtocol after = protocol("after", Map.of("old", OLD_KEY, "new", NEW_KEY), "new");
    Envelope sent = before.receive(MESSAGE, null).forwarded();
    SignedEnvelope request = before.sign(sent);

    Envelope received = after.receive(request.body(), request.signature());
    assertThat(received.trail()).containsExactly("before", "after");

    SignedEnvelope reply = after.sign(received);
    assertThat(before.receiveReply(sent, 200, reply.body(), reply.signature()).trail())
        .containsExactly("before", "after", "before");
  }

  @Test
  void envelopeOfARemovedKeyIsUnauthorized() {
    RelayProtocol sender = protocol("sender", Map.of("old", OLD_KEY), null);
    RelayProtocol receiver = protocol("receiver", Map.of("new", NEW_KEY), null);
    SignedEnvelope request = sender.sign(sender.receive(MESSAGE, null).forwarded());
    assertThatExceptionOfType(ResponseStatusException.class)
        .isThrownBy(() -> receiver.receive(request.body(), request.signature()))
        .matches(e -> e.getStatusCode().value() == 401);
  }

  @Test
  void replyWithAnotherEnvelopeIsABadGateway() {
    RelayProtocol node = protocol("node", Map.of("old", OLD_KEY), null);
    Envelope sent = node.receive(MESSAGE, null).forwarded();
    SignedEnvelope other = node.sign(node.receive(MESSAGE, null));
    assertThatExceptionOfType(ResponseStatusException.class)
        .isThrownBy(() -> node.receiveReply(sent, 200, other.body(), other.signature()))
        .matches(e -> e.getStatusCode().value() == 502);
  }

  private static RelayProtocol protocol(String node, Map<String, String> keys, @Nullable String activeKey) {
    return new RelayProtocol(new NodeProperties(node, DataSize.ofMegabytes(1), Duration.ofMinutes(1)),
        new RelayProperties(Map.of(), keys, activeKey, DataSize.ofKilobytes(16), 8, Duration.ofMinutes(1)),
        new JsonMapper(), InstantSource.system());
  }
}
