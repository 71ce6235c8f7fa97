package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

class ClientConfigurationTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int CLIENTS = 50;

  @Test
  void acceptsAllWaitingConnectionsInOneTurn() throws Exception {
    LoopResources loops = LoopResources.create("one", 1, 1, true);
    DisposableServer server = new ClientConfiguration().acceptAllWaitingConnections()
        .apply(HttpServer.create().runOn(loops).host("127.0.0.1").port(0).handle((_, response) -> response.send()))
        .bindNow(TIMEOUT);
    List<Socket> clients = new ArrayList<>();
    AcceptCounter counter = new AcceptCounter();
    try {
      server.channel().pipeline().addFirst(counter);
      try (BlockedEventLoop _ = new BlockedEventLoop(server.channel().eventLoop(), TIMEOUT)) {
        for (int number = 0; number < CLIENTS; number++) {
          clients.add(new Socket(server.host(), server.port()));
        }
      }
      await().atMost(TIMEOUT).until(() -> counter.accepted.stream().mapToInt(Integer::intValue).sum() >= CLIENTS);
      assertThat(counter.accepted).contains(CLIENTS);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
      server.disposeNow(TIMEOUT);
      loops.disposeLater(Duration.ZERO, TIMEOUT).block(TIMEOUT);
    }
  }

  /** Counts the connections that each turn of the loop accepts. */
  private static final class AcceptCounter extends ChannelInboundHandlerAdapter {
    private final List<Integer> accepted = new CopyOnWriteArrayList<>();
    private int inThisTurn;

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) {
      inThisTurn++;
      context.fireChannelRead(connection);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      accepted.add(inThisTurn);
      inThisTurn = 0;
      context.fireChannelReadComplete();
    }
  }
}
