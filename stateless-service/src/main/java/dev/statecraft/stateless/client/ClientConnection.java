package dev.statecraft.stateless.client;

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

/** The client of one request: still there, or gone. Thread-safe; to be closed when the request has been served. */
public final class ClientConnection implements AutoCloseable {
  private final SocketChannel channel;
  private final Consumer<ClientConnection> forget;
  private final CompletableFuture<@Nullable Void> departure = new CompletableFuture<>();
  private boolean seen;
  private boolean closed;
  private @Nullable SelectionKey key;

  ClientConnection(SocketChannel channel, Consumer<ClientConnection> forget) {
    this.channel = channel;
    this.forget = forget;
  }

  /** Whether the client has closed its connection. */
  public boolean left() {
    return departure.isDone();
  }

  /**
   * Waits until the client leaves, but no longer than given.
   *
   * @return whether the client left
   */
  public boolean awaitDeparture(long nanos) throws InterruptedException {
    try {
      departure.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException stillThere) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("Nothing completes a departure with an error.", e);
    }
  }

  /** Runs the quick action when the client leaves, on the watching thread; here and now where it already has. */
  public void whenLeft(Runnable action) {
    var _ = departure.thenRun(action);
  }

  /**
   * Closes the connection, so that an answer that has begun and cannot be ended is seen to be cut short: a handler that
   * merely throws leaves the container to end the answer as if it were whole.
   */
  public void hangUp() throws IOException {
    channel.close();
  }

  void leave() {
    departure.complete(null);
  }

  /** Has the selector look at the client from now on, unless its request began after the look before. */
  synchronized void lookAt(Selector selector) {
    if (!seen || closed || key != null) {
      // Most requests end before the second look, and cost no system call.
      seen = true;
      return;
    }
    try {
      key = channel.register(selector, SelectionKey.OP_READ, this);
    } catch (ClosedChannelException gone) {
      leave();
    } catch (CancelledKeyException keyOfTheRequestBefore) {
      // The look that is under way removes it; the next one registers.
    }
  }

  /** Ends the watch. */
  @Override
  public void close() {
    forget.accept(this);
    synchronized (this) {
      closed = true;
      if (key != null) {
        key.cancel();
      }
    }
  }
}
