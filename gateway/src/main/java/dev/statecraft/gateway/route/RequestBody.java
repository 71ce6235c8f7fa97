package dev.statecraft.gateway.route;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The body of a request. A short one is read whole before any node is asked: so a slow client holds no node, a node
 * never sees half of a malformed body, and the body can be sent once more where the request never left. A longer one
 * streams.
 */
final class RequestBody {
  private static final int SHORT = 64 * 1024;

  private final HttpServerRequest request;
  private int read;
  private boolean streamed;
  private @Nullable ByteBuf whole;
  private @Nullable Flux<ByteBuf> stream;

  RequestBody(HttpServerRequest request) {
    this.request = request;
  }

  /** Reads as much as is to be kept, then does {@code next}, and gives back what was kept. */
  Mono<Void> then(Supplier<Mono<Void>> next) {
    return request.receive().retain().bufferUntil(part -> {
      read += part.readableBytes();
      return read >= SHORT;
    }).<Void>switchOnFirst((first, parts) -> arrived(first, parts, next))
        .doOnDiscard(ByteBuf.class, ByteBuf::release).then().doFinally(signal -> release());
  }

  private Publisher<Void> arrived(Signal<? extends List<ByteBuf>> first, Flux<List<ByteBuf>> parts,
      Supplier<Mono<Void>> next) {
    if (first.isOnError()) {
      return Mono.error(java.util.Objects.requireNonNull(first.getThrowable()));
    }
    List<ByteBuf> known = first.hasValue() ? first.get() : List.of();
    if (read >= SHORT) {
      stream = parts.flatMapIterable(list -> list);
    } else {
      whole = join(known == null ? List.of() : known);
    }
    return next.get();
  }

  /** Returns what to send to a node. */
  Publisher<ByteBuf> toSend() {
    Flux<ByteBuf> parts = stream;
    if (parts != null) {
      return parts.doOnSubscribe(subscription -> streamed = true);
    }
    return Mono.fromSupplier(() -> {
      ByteBuf kept = whole;
      return kept == null ? Unpooled.EMPTY_BUFFER : kept.retainedDuplicate();
    });
  }

  /** Tells whether the body was given to a node and not kept, so that no other node can have it. */
  boolean isGone() {
    return streamed;
  }

  /** Returns the bytes of a body that was short enough, or null. */
  byte @Nullable [] bytes() {
    ByteBuf kept = whole;
    return kept == null ? null : ByteBufUtil.getBytes(kept);
  }

  private static ByteBuf join(List<ByteBuf> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    CompositeByteBuf joined = Unpooled.compositeBuffer(Math.max(1, parts.size()));
    parts.forEach(part -> joined.addComponent(true, part));
    return joined;
  }

  private void release() {
    ByteBuf kept = whole;
    whole = null;
    if (kept != null) {
      kept.release();
    }
  }
}
