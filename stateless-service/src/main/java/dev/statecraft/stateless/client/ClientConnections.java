package dev.statecraft.stateless.client;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Watches the connections of requests that last, and tells when a client has left. Thread-safe.
 *
 * <p>A servlet container does not read from a connection while it serves a request of it, so nothing tells a servlet
 * that its client is gone before it writes. Here one thread looks five times a second at the sockets of the requests
 * that have lasted that long, with a selector of its own: a socket that is ready to be read and holds no byte has met
 * the end of its stream. Nothing is read, so a request sent ahead on the same connection stays whole; but such a client
 * is no longer watched, since its end of stream stands behind those bytes. A client that closes only its sending side
 * counts as gone. Over TLS only a connection that is torn down would be seen: the nodes of Statecraft speak plain HTTP.
 */
@Component
public class ClientConnections implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(ClientConnections.class);
  private static final long LOOK_MILLIS = 200;

  private final Set<ClientConnection> watched = ConcurrentHashMap.newKeySet();
  private final Selector selector;
  private final ScheduledExecutorService looks;

  ClientConnections() throws IOException {
    this.selector = Selector.open();
    this.looks = Executors
        .newSingleThreadScheduledExecutor(Thread.ofPlatform().name("client-watch").daemon().factory());
    var _ = looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * The client of the request that the current thread serves, watched until it is closed.
   *
   * @throws IllegalStateException on a thread that serves no request
   */
  public ClientConnection current() {
    if (!WatchableProtocol.CONNECTION.isBound()) {
      throw new IllegalStateException("This thread serves no request.");
    }
    ClientConnection caller = new ClientConnection(WatchableProtocol.CONNECTION.get(), watched::remove);
    watched.add(caller);
    return caller;
  }

  private void look() {
    try {
      watched.forEach(caller -> caller.lookAt(selector));
      if (!selector.keys().isEmpty()) {
        // Also lets go of the requests that have ended: a closed socket keeps its descriptor until then.
        selector.selectNow(ClientConnections::judge);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("Could not look after the clients; work for those that left goes on until the next look", e);
    }
  }

  private static void judge(SelectionKey key) {
    try {
      if (((SocketChannel) key.channel()).socket().getInputStream().available() > 0) {
        key.interestOps(0);
        return;
      }
    } catch (CancelledKeyException requestEnded) {
      return;
    } catch (IOException broken) {
      // A broken connection has no client either.
    }
    key.cancel();
    ((ClientConnection) key.attachment()).leave();
  }

  @Override
  public void destroy() throws IOException {
    looks.shutdownNow();
    selector.close();
  }
}
