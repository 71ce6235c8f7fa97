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
 * Observes the connections of running requests and detects clients that disconnect. Thread-safe.
 *
 * <p>A servlet container does not read from a connection while it serves a request, so a servlet learns only at its
 * next write that the client is gone. Here, one thread polls the sockets of running requests five times a second with a
 * selector of its own. A socket that is readable and has no bytes available is at the end of its stream. Limits:
 *
 * <ul>
 * <li>No byte is read, so a pipelined request stays intact. Its client is no longer observed, because the end of the
 * stream comes after those bytes.
 * <li>A client that closes only its sending side counts as disconnected.
 * <li>With TLS only a reset would be detected. The nodes of Statecraft use plain HTTP among themselves.</ul>
 */
@Component
public class ClientConnections implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(ClientConnections.class);
  private static final long POLL_INTERVAL_MILLIS = 200;

  private final Set<ClientConnection> observed = ConcurrentHashMap.newKeySet();
  private final Selector selector;
  private final ScheduledExecutorService poller;

  ClientConnections() throws IOException {
    this.selector = Selector.open();
    this.poller = Executors
        .newSingleThreadScheduledExecutor(Thread.ofPlatform().name("client-poller").daemon().factory());
    var _ = poller.scheduleWithFixedDelay(this::poll, POLL_INTERVAL_MILLIS, POLL_INTERVAL_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  /**
   * Returns the connection of the request that the current thread serves. It is observed until it is closed.
   *
   * @throws IllegalStateException on a thread that serves no request
   */
  public ClientConnection current() {
    if (!ClientAwareProtocol.SOCKET.isBound()) {
      throw new IllegalStateException("This thread serves no request");
    }
    ClientConnection client = new ClientConnection(ClientAwareProtocol.SOCKET.get(), observed::remove);
    observed.add(client);
    return client;
  }

  private void poll() {
    try {
      observed.forEach(client -> client.registerWith(selector));
      if (!selector.keys().isEmpty()) {
        // Also removes the keys of ended requests; until then a closed socket keeps its file descriptor.
        selector.selectNow(ClientConnections::checkEndOfStream);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("Polling of client connections failed; work for disconnected clients continues. Next poll in {} ms",
          POLL_INTERVAL_MILLIS, e);
    }
  }

  private static void checkEndOfStream(SelectionKey key) {
    try {
      if (((SocketChannel) key.channel()).socket().getInputStream().available() > 0) {
        key.interestOps(0);
        return;
      }
    } catch (CancelledKeyException requestEnded) {
      return;
    } catch (IOException broken) {
      // A broken connection counts as disconnected.
    }
    key.cancel();
    ((ClientConnection) key.attachment()).markDisconnected();
  }

  @Override
  public void destroy() throws IOException {
    poller.shutdownNow();
    selector.close();
  }
}
