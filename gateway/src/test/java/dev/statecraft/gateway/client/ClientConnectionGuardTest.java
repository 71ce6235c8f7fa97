package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one client can make the gateway decode, hold and wait for. */
class ClientConnectionGuardTest {
  private static final String HOST = "Host: a\r\n";
  private static final long BODY_MILLIS = 2_000;
  private static final long WRITE_MILLIS = 3_000;

  private final AtomicLong clock = new AtomicLong();
  private final List<String> closed = new ArrayList<>();
  private final ClientConnections connections = new ClientConnections(100, address -> null, 1_000, clock::get);
  private final List<Client> clients = new ArrayList<>();
  private final Client client = new Client();

  @AfterEach
  void release() {
    clients.forEach(each -> each.channel.finishAndReleaseAll());
    assertThat(connections.open()).isZero();
  }

  @Test
  void decodesNextPipelinedRequestAfterResponse() {
    client.send(("GET /x HTTP/1.1\r\n" + HOST + "\r\n").repeat(100));
    for (int i = 1; i <= 100; i++) {
      assertThat(client.requests).isEqualTo(i);
      client.respond();
    }
    assertThat(client.requests).isEqualTo(100);
  }

  @Test
  void decodesPipelinedRequestsWithBodies() {
    String request = "POST /x HTTP/1.1\r\n" + HOST + "Content-Length: 300\r\n\r\n" + "x".repeat(300);
    client.send(request.repeat(5));
    for (int i = 1; i <= 5; i++) {
      assertThat(client.requests).isEqualTo(i);
      assertThat(client.bodyBytes).isEqualTo(300L * i);
      client.respond();
    }
  }

  @Test
  void decodesRequestThatIsSplitAnywhere() {
    String requests = ("POST /x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        .repeat(20);
    for (int at = 0; at < requests.length(); at += 37) {
      client.send(requests.substring(at, Math.min(requests.length(), at + 37)));
      client.respondToAll();
    }
    assertThat(client.requests).isEqualTo(20);
    assertThat(client.bodyBytes).isEqualTo(60);
  }

  @Test
  void joinsSmallChunks() {
    client.send("POST /x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(10_000)
        + "0\r\n\r\n");
    assertThat(client.bodyBytes).isEqualTo(10_000);
    assertThat(client.contents).isLessThan(100);
  }

  @Test
  void chunkFloodLeavesTurnsToOtherTasks() {
    List<Long> seen = new ArrayList<>();
    client.onFirstContent = () -> client.channel.eventLoop().execute(() -> seen.add(client.bodyBytes));
    client.send("POST /x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(2_500));
    assertThat(client.bodyBytes).isEqualTo(2_500);
    assertThat(seen).singleElement().satisfies(bytes -> assertThat(bytes).isLessThan(700));
  }

  @Test
  void rejectsBodyWithoutProgress() {
    client.send("POST /x HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\nhalf");
    advance(BODY_MILLIS + 1_000);
    assertThat(closed).containsExactly("body-timeout");
  }

  @Test
  void slowBodyThatMakesProgressGoesOn() {
    client.send("POST /x HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\n");
    for (int i = 0; i < 100; i++) {
      advance(BODY_MILLIS / 2);
      client.send("x");
    }
    assertThat(client.bodyBytes).isEqualTo(100);
    assertThat(closed).isEmpty();
  }

  @Test
  void bodyThatGatewayDoesNotReadIsNotTimedOut() {
    client.send("POST /x HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\nhalf");
    client.channel.config().setAutoRead(false);
    advance(10 * BODY_MILLIS);
    assertThat(closed).isEmpty();
  }

  @Test
  void closedConnectionGivesBackWhatItHolds() {
    AtomicInteger givenBack = new AtomicInteger();
    ClientConnection connection = ClientConnection.of(client.channel);
    connection.hold(new Lease(this, givenBack::incrementAndGet));
    var _ = client.channel.close();
    assertThat(givenBack).hasValue(1);
    connection.hold(new Lease(this, givenBack::incrementAndGet));
    assertThat(givenBack).hasValue(2);
  }

  private void advance(long millis) {
    for (long left = millis; left > 0; left -= 100) {
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      for (Client each : clients) {
        each.channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
        each.channel.runScheduledPendingTasks();
      }
    }
  }

  /** A client, and the handler behind its guard, which counts what it receives. */
  private final class Client extends ChannelInboundHandlerAdapter {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int requests;
    private int complete;
    private int responses;
    private int contents;
    private long bodyBytes;
    private Runnable onFirstContent = () -> {};

    Client() {
      clients.add(this);
      channel.freezeTime();
      ClientConnectionGuard guard = new ClientConnectionGuard(
          new ClientConnectionGuard.Limits(new RequestValidator(1_000_000, 100), 1_000_000, 1_000, BODY_MILLIS, 60_000,
              WRITE_MILLIS, () -> false, connections, closed::add));
      channel.pipeline().addLast(guard.throttle(), new HttpServerCodec(), guard, this);
    }

    void send(String text) {
      channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
      channel.runPendingTasks();
    }

    void respond() {
      responses++;
      channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
          Unpooled.EMPTY_BUFFER));
      channel.runPendingTasks();
      for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
        bytes.release();
      }
    }

    void respondToAll() {
      while (responses < complete) {
        respond();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest) {
        requests++;
        context.channel().config().setAutoRead(true);
      }
      if (message instanceof HttpContent content) {
        if (contents++ == 0) {
          onFirstContent.run();
        }
        bodyBytes += content.content().readableBytes();
        complete += message instanceof LastHttpContent ? 1 : 0;
      }
      ReferenceCountUtil.release(message);
    }
  }
}
