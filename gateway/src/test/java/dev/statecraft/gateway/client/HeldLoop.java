package dev.statecraft.gateway.client;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that does nothing from when this exists until it is closed, so that all who come meanwhile wait for one
 * turn.
 */
final class HeldLoop implements AutoCloseable {
  private final CompletableFuture<@Nullable Void> released;

  HeldLoop(EventLoop loop, Duration patience) {
    released = new CompletableFuture<@Nullable Void>().orTimeout(patience.toSeconds(), TimeUnit.SECONDS);
    CompletableFuture<@Nullable Void> held = new CompletableFuture<@Nullable Void>()
        .orTimeout(patience.toSeconds(), TimeUnit.SECONDS);
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
