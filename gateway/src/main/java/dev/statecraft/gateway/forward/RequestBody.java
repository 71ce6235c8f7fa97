package dev.statecraft.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The body of a request. A short body is read whole before a node is chosen: a slow client then occupies no node, a
 * node never receives part of a malformed body, and the body can be sent again if the request was not sent. A longer
 * body streams. Confined to one request; not thread-safe.
 */
final class RequestBody {
  private static final int MAX_BUFFERED_BYTES = 64 * 1024;

  private final HttpServerRequest request;
  private int bytesRead;
  private boolean consumed;
  private @Nullable ByteBuf whole;
  private @Nullable Flux<ByteBuf> stream;

  RequestBody(HttpServerRequest request) {
    this.request = request;
  }

  /** Reads the body up to the buffer limit, runs {@code next}, and releases the buffer. */
  Mono<Void> readThen(Supplier<Mono<Void>> next) {
    return request.receive().retain().bufferUntil(part -> {
      bytesRead += part.readableBytes();
      return bytesRead >= MAX_BUFFERED_BYTES;
    }).<Void>switchOnFirst((first, parts) -> onFirstPart(first, parts, next))
        .doOnDiscard(ByteBuf.class, ByteBuf::release).then().doFinally(signal -> release());
  }

  private Publisher<Void> onFirstPart(Signal<? extends List<ByteBuf>> first, Flux<List<ByteBuf>> parts,
      Supplier<Mono<Void>> next) {
    if (first.isOnError()) {
      return Mono.error(Objects.requireNonNull(first.getThrowable()));
    }
    List<ByteBuf> buffered = first.hasValue() ? first.get() : List.of();
    if (bytesRead >= MAX_BUFFERED_BYTES) {
      stream = parts.flatMapIterable(list -> list);
    } else {
      whole = join(buffered == null ? List.of() : buffered);
    }
    return next.get();
  }

  /** Returns the body for a node. */
  Publisher<ByteBuf> content() {
    Flux<ByteBuf> parts = stream;
    if (parts != null) {
      return parts.doOnSubscribe(subscription -> consumed = true);
    }
    return Mono.fromSupplier(() -> {
      ByteBuf buffer = whole;
      return buffer == null ? Unpooled.EMPTY_BUFFER : buffer.retainedDuplicate();
    });
  }

  /** Tells whether the body was streamed to a node, so that it cannot be sent again. */
  boolean isConsumed() {
    return consumed;
  }

  /** Returns the bytes of a body that was read whole, or null. */
  byte @Nullable [] bytes() {
    ByteBuf buffer = whole;
    return buffer == null ? null : ByteBufUtil.getBytes(buffer);
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
    ByteBuf buffer = whole;
    whole = null;
    if (buffer != null) {
      buffer.release();
    }
  }
}
