package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.channel.EventLoopTask;
import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.http.HttpStatus;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The body of a request. A short body is copied into one buffer before a node is chosen: a slow client then occupies no
 * node, a node never receives part of a malformed body, and the body can be sent again if the request was not sent. A
 * longer body streams after its first part. Runs on the event loop of the client.
 */
final class RequestBody {
  private static final int MAX_BUFFERED_BYTES = 64 * 1024;
  private static final int INITIAL_BYTES = 1_024;

  private final Flux<ByteBuf> parts;
  private final boolean owned;
  private final Channel channel;
  private final ClientConnection client;
  private final MemoryBudget budget;
  private final Reader reader = new Reader();
  private volatile @Nullable ByteBuf buffer;
  private volatile @Nullable Lease lease;
  private volatile boolean read;
  private volatile boolean available;
  private volatile boolean streamed;
  private volatile boolean consumed;

  /**
   * Makes a body that is not read yet.
   *
   * @param parts the parts of the body
   * @param owned whether the reader of a part must release it
   */
  RequestBody(Flux<ByteBuf> parts, boolean owned, Channel channel, ClientConnection client, MemoryBudget budget) {
    this.parts = parts;
    this.owned = owned;
    this.channel = channel;
    this.client = client;
    this.budget = budget;
  }

  /**
   * Reads the body up to the buffer limit. It is read once: later calls return at once, and fail if the body cannot be
   * sent again.
   *
   * @param declaredBytes the declared length, or -1
   */
  Mono<Boolean> read(long declaredBytes) {
    if (read) {
      return consumed || !available
          ? Mono.error(new GatewayProblem(HttpStatus.BAD_GATEWAY, "The body of the request cannot be sent again."))
          : Mono.just(true);
    }
    read = true;
    return Mono.create(ready -> {
      reader.ready = ready;
      int capacity = declaredBytes < 0 ? INITIAL_BYTES : (int) Math.min(declaredBytes, MAX_BUFFERED_BYTES);
      if (reserve(capacity)) {
        parts.subscribe(reader);
      } else {
        ready.error(tooManyBytes());
      }
    });
  }

  /** Returns a body that was read whole, for a node. */
  Mono<ByteBuf> whole() {
    return Mono.fromSupplier(() -> {
      ByteBuf whole = buffer;
      return whole == null ? Unpooled.EMPTY_BUFFER : whole.retainedDuplicate();
    });
  }

  /** Returns a body that is too long to be buffered, for the one node that receives it. */
  Flux<ByteBuf> stream() {
    return reader;
  }

  /** Tells whether the body is too long to be buffered. */
  boolean isStreamed() {
    return streamed;
  }

  /** Tells whether the body was streamed to a node, so that it cannot be sent again. */
  boolean isConsumed() {
    return consumed;
  }

  /** Returns the bytes of a body that was read whole, or null. */
  byte @Nullable [] bytes() {
    ByteBuf whole = streamed ? null : buffer;
    return whole == null ? null : ByteBufUtil.getBytes(whole);
  }

  /** Makes room for this many bytes in all. Returns false if the gateway has no memory for them. */
  private boolean reserve(int capacity) {
    ByteBuf before = buffer;
    if (before != null && capacity <= before.capacity()) {
      return true;
    }
    Lease larger = budget.tryAcquire(capacity, client);
    if (larger == null) {
      return false;
    }
    Lease smaller = lease;
    lease = larger;
    if (before == null) {
      buffer = channel.alloc().directBuffer(capacity);
    } else {
      before.capacity(capacity);
    }
    if (smaller != null) {
      smaller.giveBack();
    }
    return true;
  }

  private static GatewayProblem tooManyBytes() {
    return new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "Too many bytes are in flight. The request was not sent.",
        1);
  }

  /** Ends the reading, and releases the buffer. */
  void close() {
    onLoop(this::closeOnLoop);
  }

  private void closeOnLoop() {
    reader.cancelUpstream();
    ByteBuf whole = buffer;
    buffer = null;
    if (whole != null) {
      whole.release();
    }
    Lease held = lease;
    lease = null;
    if (held != null) {
      held.giveBack();
    }
  }

  /** Receives the parts: first into the buffer, then, if the body is long, for the node. */
  private final class Reader extends Flux<ByteBuf> implements CoreSubscriber<ByteBuf>, Subscription {
    private @Nullable MonoSink<Boolean> ready;
    private @Nullable Subscription upstream;
    private @Nullable CoreSubscriber<? super ByteBuf> downstream;
    private boolean firstPartSent;
    private boolean ended;
    private @Nullable Throwable failure;

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(ByteBuf part) {
      CoreSubscriber<? super ByteBuf> node = downstream;
      if (node != null) {
        node.onNext(part.retain());
      } else if (!ended && !streamed) {
        buffer(part);
      }
      if (owned) {
        part.release();
      }
    }

    private void buffer(ByteBuf part) {
      ByteBuf whole = buffer;
      int size = whole == null ? 0 : whole.readableBytes() + part.readableBytes();
      boolean fits = whole != null
          && (size <= whole.capacity() || reserve(Math.max(size, Math.min(2 * size, MAX_BUFFERED_BYTES))));
      if (!fits || whole == null) {
        cancelUpstream();
        end(tooManyBytes());
        return;
      }
      whole.writeBytes(part);
      if (size >= MAX_BUFFERED_BYTES) {
        streamed = true;
        isReady();
      } else if (upstream != null) {
        upstream.request(1);
      }
    }

    private void isReady() {
      available = true;
      if (ready != null) {
        ready.success(true);
      }
    }

    @Override
    public void onError(Throwable error) {
      end(error);
    }

    @Override
    public void onComplete() {
      end(null);
    }

    private void end(@Nullable Throwable error) {
      if (ended) {
        return;
      }
      ended = true;
      failure = error;
      if (streamed) {
        finishDownstream();
      } else if (error == null) {
        isReady();
      } else if (ready != null) {
        ready.error(error);
      }
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
      consumed = true;
      onLoop(() -> {
        downstream = actual;
        actual.onSubscribe(this);
      });
    }

    @Override
    public void request(long parts) {
      onLoop(() -> {
        long left = parts;
        ByteBuf first = buffer;
        CoreSubscriber<? super ByteBuf> node = downstream;
        if (!firstPartSent && node != null && first != null) {
          firstPartSent = true;
          left--;
          node.onNext(first.retainedDuplicate());
        }
        if (ended) {
          finishDownstream();
        } else if (left > 0 && upstream != null) {
          upstream.request(left);
        }
      });
    }

    private void finishDownstream() {
      CoreSubscriber<? super ByteBuf> node = downstream;
      if (node == null || !firstPartSent) {
        return;
      }
      downstream = null;
      if (failure == null) {
        node.onComplete();
      } else {
        node.onError(failure);
      }
    }

    /** The node takes no more. The rest of the body is not read before the exchange ends. */
    @Override
    public void cancel() {
      onLoop(() -> downstream = null);
    }

    private void cancelUpstream() {
      if (upstream != null) {
        upstream.cancel();
      }
    }
  }

  private void onLoop(Runnable task) {
    if (!EventLoopTask.run(channel.eventLoop(), task)) {
      task.run();
    }
  }
}
