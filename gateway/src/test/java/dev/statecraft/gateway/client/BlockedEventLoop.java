package dev.statecraft.gateway.client;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Blocks an event loop from construction until {@link #close}, so that all connections of that time wait for the same
 * turn.
 */
final class BlockedEventLoop implements AutoCloseable {
  private final CompletableFuture<@Nullable Void> released;

  BlockedEventLoop(EventLoop loop, Duration timeout) {
    released = new CompletableFuture<@Nullable Void>().orTimeout(timeout.toSeconds(), TimeUnit.SECONDS);
    CompletableFuture<@Nullable Void> held = new CompletableFuture<@Nullable Void>()
        .orTimeout(timeout.toSeconds(), TimeUnit.SECONDS);
    loop.execute(() -> {
      held.complete(null);
      released.join();
    });
    held.join();
  }

  @Override
  public void close() {
    released.complete(null);
  }
}
