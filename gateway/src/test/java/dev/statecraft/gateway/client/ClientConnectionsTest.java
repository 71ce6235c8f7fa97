package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connection is closed for the sake of others. */
class ClientConnectionsTest {
  private static final String GET = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String SLOW_POST = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";

  private final AtomicLong clock = new AtomicLong();
  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final List<Channel> accepted = new CopyOnWriteArrayList<>();
  private final AtomicInteger received = new AtomicInteger();
  private final ClientConnections connections = new ClientConnections(3, address -> null, 60_000, clock::get);
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
  private final EventLoopGroup otherLoop = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
  private final LocalAddress address = new LocalAddress(ClientConnectionsTest.class);

  ClientConnectionsTest() {
    new ServerBootstrap().group(loop).channel(LocalServerChannel.class).childHandler(new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        ClientConnectionGuard guard = new ClientConnectionGuard(new ClientConnectionGuard.Limits(
            new RequestValidator(1_000, 100), 1_000, 60_000, 60_000, 60_000, 60_000, () -> false, connections,
            closed::add));
        channel.pipeline().addLast(guard.throttle(), new HttpServerCodec(), guard, new ChannelInboundHandlerAdapter());
        accepted.add(channel);
      }
    }).bind(address).syncUninterruptibly();
  }

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    otherLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void newConnectionReplacesTheSlowest() throws Exception {
    Channel busy = connect(GET);
    Channel slow = connect(SLOW_POST);
    Channel other = connect(GET);
    awaitWaiting(slow);
    Channel next = connect(GET);
    assertThat(closed).containsExactly("connections");
    assertThat(slow.isOpen()).isFalse();
    assertThat(List.of(busy, other, next)).allMatch(Channel::isOpen);
    assertThat(connections.open()).isEqualTo(3);
  }

  @Test
  void clientThatNeverSentRequestIsReplacedFirst() throws Exception {
    Channel stranger = connect("");
    connect(GET);
    connect(GET);
    connect(GET);
    assertThat(stranger.isOpen()).isFalse();
  }

  @Test
  void reclaimEndsExchangeThatWaitsForItsClient() throws Exception {
    Object resource = new Object();
    AtomicInteger givenBack = new AtomicInteger();
    Channel slow = connect(SLOW_POST);
    Channel own = connect(GET);
    for (Channel each : List.of(slow, own)) {
      ClientConnection.of(each).hold(new Lease(resource, givenBack::incrementAndGet));
    }
    assertThat(reclaim(own, resource)).as("nobody has waited yet").isFalse();
    awaitWaiting(slow);
    assertThat(reclaim(own, new Object())).isFalse();
    assertThat(reclaim(own, resource)).isTrue();
    assertThat(givenBack).hasValue(1);
    assertThat(slow.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(reclaim(own, resource)).isFalse();
    assertThat(own.isOpen()).isTrue();
  }

  @Test
  void reclaimReachesOtherEventLoops() throws Exception {
    Object resource = new Object();
    Channel slow = connect(SLOW_POST);
    ClientConnection.of(slow).hold(new Lease(resource, () -> {}));
    awaitWaiting(slow);
    EventLoop other = otherLoop.next();
    ClientConnections.Loop empty = other.submit(() -> connections.of(other)).get();
    assertThat(other.submit(() -> empty.reclaim(resource)).get()).isFalse();
    assertThat(slow.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static boolean reclaim(Channel channel, Object resource) throws InterruptedException, ExecutionException {
    return channel.eventLoop().submit(() -> ClientConnection.of(channel).reclaim(resource)).get();
  }

  /** Waits until the client has kept the gateway waiting for more than a second of the injected clock. */
  private void awaitWaiting(Channel channel) {
    await().until(() -> {
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(150));
      return channel.pipeline().get(ClientConnectionGuard.class).waitMillis() > 1_000;
    });
  }

  /** Connects, sends the text, and returns the server's side of the connection. */
  private Channel connect(String text) throws InterruptedException {
    int number = received.getAndIncrement();
    Channel client = new Bootstrap().group(loop).channel(LocalChannel.class)
        .handler(new ChannelInboundHandlerAdapter()).connect(address).sync().channel();
    await().until(() -> accepted.size() > number);
    if (!text.isEmpty()) {
      client.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1)).sync();
    }
    // Tasks run in order, so the text has been read after this one.
    client.eventLoop().submit(() -> {}).sync();
    client.eventLoop().submit(() -> {}).sync();
    return accepted.get(number);
  }
}
