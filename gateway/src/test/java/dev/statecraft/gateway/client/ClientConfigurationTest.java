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
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CLIENTS = 50;

  @Test
  void loopThatWasBusyTakesInAllWhoHaveComeMeanwhileInOneTurn() throws Exception {
    LoopResources loops = LoopResources.create("one", 1, 1, true);
    DisposableServer server = new ClientConfiguration().newConnections()
        .apply(HttpServer.create().runOn(loops).host("127.0.0.1").port(0).handle((_, response) -> response.send()))
        .bindNow(PATIENCE);
    List<Socket> clients = new ArrayList<>();
    Turns turns = new Turns();
    try {
      server.channel().pipeline().addFirst(turns);
      try (HeldLoop _ = new HeldLoop(server.channel().eventLoop(), PATIENCE)) {
        for (int number = 0; number < CLIENTS; number++) {
          clients.add(new Socket(server.host(), server.port()));
        }
      }
      await().atMost(PATIENCE).until(() -> turns.accepted.stream().mapToInt(Integer::intValue).sum() >= CLIENTS);
      // Who still probes a node that had this port may be one more.
      assertThat(turns.accepted).anyMatch(together -> together >= CLIENTS);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
      server.disposeNow(PATIENCE);
      loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
    }
  }

  /** How many connections each turn of the loop has taken. */
  private static final class Turns extends ChannelInboundHandlerAdapter {
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
