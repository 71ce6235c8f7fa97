package dev.statecraft.gateway.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.tcp.TcpClient;

class NodeChannelsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final List<EventLoop> loops = new ArrayList<>();
  private Backend node;

  /** Sends one request and collects the answer. */
  private static final class Exchange implements ResponseReceiver {
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final CompletableFuture<NodeChannel> channel = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public void connected(NodeChannel opened) {
      channel.complete(opened);
      opened.send(HttpMethod.GET, "/cart", new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "node"), null);
    }

    @Override
    public void notConnected(Throwable cause) {
      answer.completeExceptionally(cause);
    }

    @Override
    public void head(HttpResponse head) {
      text.append(head.status().code()).append(' ');
    }

    @Override
    public void part(ByteBuf part) {
      text.append(part.toString(StandardCharsets.UTF_8));
      part.release();
    }

    @Override
    public void end() {
      answer.complete(text.toString());
    }

    @Override
    public void broken(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }

  @BeforeEach
  void start() {
    group.forEach(loop -> loops.add((EventLoop) loop));
    node = Backend.start("one");
  }

  @AfterEach
  void stop() {
    node.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private NodeChannels channels(int maximum, Duration maxIdle) {
    return new NodeChannels(maximum, loops, maxIdle, System::nanoTime,
        index -> TcpClient.newConnection().runOn(loops.get(index)).host("127.0.0.1").port(node.port()).connect());
  }

  private Exchange start(NodeChannels channels, int loop, boolean fresh) {
    Exchange exchange = new Exchange();
    loops.get(loop).execute(() -> channels.acquire(loop, fresh, exchange));
    return exchange;
  }

  private String get(NodeChannels channels, int loop) {
    return start(channels, loop, false).answer.join();
  }

  @Test
  void nextRequestTakesTheIdleConnection() {
    NodeChannels channels = channels(10, LONG);
    assertThat(get(channels, 0)).isEqualTo("200 one");
    assertThat(get(channels, 0)).isEqualTo("200 one");
    assertThat(node.connections()).isEqualTo(1);
    assertThat(start(channels, 0, true).answer.join()).isEqualTo("200 one");
    assertThat(node.connections()).isEqualTo(2);
  }

  @Test
  void belowTheMaximumEachLoopHasItsOwn() {
    NodeChannels channels = channels(10, LONG);
    get(channels, 0);
    get(channels, 1);
    assertThat(node.connections()).isEqualTo(2);
  }

  @Test
  void atTheMaximumALoopTakesTheIdleConnectionOfAnother() {
    NodeChannels channels = channels(1, LONG);
    get(channels, 0);
    for (int i = 0; i < 10; i++) {
      Exchange exchange = start(channels, (i + 1) % 2, false);
      assertThat(exchange.answer.join()).isEqualTo("200 one");
      assertThat(exchange.channel.join().channel().eventLoop()).isSameAs(loops.get((i + 1) % 2));
    }
    assertThat(node.connections()).isEqualTo(1);
    assertThat(channels.open()).isEqualTo(1);
  }

  @Test
  void idleConnectionsAreClosed() {
    NodeChannels channels = channels(10, Duration.ofMillis(50));
    get(channels, 0);
    await().until(() -> channels.open() == 0);
  }

  @Test
  void connectionThatTheNodeClosedIsNotUsed() {
    NodeChannels channels = channels(10, LONG);
    get(channels, 0);
    node.dropConnections();
    await().until(() -> channels.open() == 0);
    assertThat(get(channels, 0)).isEqualTo("200 one");
  }

  @Test
  void closeEndsIdleConnectionsNowAndOthersLater() {
    NodeChannels channels = channels(10, LONG);
    CompletableFuture<String> late = new CompletableFuture<>();
    node.answering((request, response) -> response.sendString(Mono.fromFuture(late)));
    Exchange slow = start(channels, 0, false);
    slow.channel.join();
    channels.close();
    late.complete("late");
    assertThat(slow.answer.join()).isEqualTo("200 late");
    await().until(() -> channels.open() == 0);
  }

  @Test
  void brokenAndRefusedConnectionsAreReported() {
    NodeChannels channels = channels(10, LONG);
    node.answering((request, response) -> {
      request.withConnection(connection -> {
        var _ = connection.channel().close();
      });
      return Mono.never();
    });
    assertThatThrownBy(() -> get(channels, 0)).isInstanceOf(CompletionException.class);
    node.kill();
    assertThat(start(channels, 0, false).answer).failsWithin(LONG).withThrowableThat()
        .havingRootCause().isInstanceOf(IOException.class);
    await().until(() -> channels.open() == 0);
  }
}
