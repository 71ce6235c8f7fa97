package dev.statecraft.reactive.server;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Blocks an event loop until it is closed, so that all events in between are handled in one turn of the loop. */
final class BlockedEventLoop implements AutoCloseable {
  private final CompletableFuture<@Nullable Void> released;

  BlockedEventLoop(EventLoop loop, Duration timeout) {
    released = new CompletableFuture<@Nullable Void>().orTimeout(timeout.toSeconds(), TimeUnit.SECONDS);
    CompletableFuture<@Nullable Void> blocked = new CompletableFuture<@Nullable Void>()
        .orTimeout(timeout.toSeconds(), TimeUnit.SECONDS);
    loop.execute(() -> {
      blocked.complete(null);
      released.join();
    });
    blocked.join();
  }

  @Override
  public void close() {
    released.complete(null);
  }
}
