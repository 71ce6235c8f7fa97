package dev.statecraft.stateless.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connection of the client of one request. Close it when the request has been served. Thread-safe. */
public final class ClientConnection implements AutoCloseable {
  private final SocketChannel channel;
  private final Consumer<ClientConnection> onClose;
  private final CompletableFuture<@Nullable Void> disconnected = new CompletableFuture<>();

  @GuardedBy("this")
  private boolean polledBefore;
  @GuardedBy("this")
  private boolean closed;
  @GuardedBy("this")
  private @Nullable SelectionKey key;

  ClientConnection(SocketChannel channel, Consumer<ClientConnection> onClose) {
    this.channel = channel;
    this.onClose = onClose;
  }

  /** Tells whether the client has closed the connection. */
  public boolean isDisconnected() {
    return disconnected.isDone();
  }

  /**
   * Waits until the client disconnects or the time is over.
   *
   * @return whether the client disconnected
   */
  public boolean awaitDisconnect(long nanos) throws InterruptedException {
    try {
      disconnected.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException stillConnected) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("The future never completes with an error", e);
    }
  }

  /**
   * Runs a short action when the client disconnects: on the polling thread, or at once if the client has disconnected
   * already.
   */
  public void onDisconnect(Runnable action) {
    var _ = disconnected.thenRun(action);
  }

  /**
   * Closes the connection in the middle of a response, so that the client sees that it is incomplete. If the handler
   * merely threw an exception, Tomcat would end the response as if it were complete.
   */
  public void abort() throws IOException {
    channel.close();
  }

  void markDisconnected() {
    disconnected.complete(null);
  }

  /** Registers the connection with the selector. The first poll does not: most requests end before the second. */
  synchronized void registerWith(Selector selector) {
    if (!polledBefore || closed || key != null) {
      polledBefore = true;
      return;
    }
    try {
      key = channel.register(selector, SelectionKey.OP_READ, this);
    } catch (ClosedChannelException e) {
      markDisconnected();
    } catch (CancelledKeyException keyOfPreviousRequest) {
      // The current poll removes that key; the next poll registers.
    }
  }

  /** Ends the observation of the connection; leaves the connection open. */
  @Override
  public void close() {
    onClose.accept(this);
    synchronized (this) {
      closed = true;
      if (key != null) {
        key.cancel();
      }
    }
  }
}
