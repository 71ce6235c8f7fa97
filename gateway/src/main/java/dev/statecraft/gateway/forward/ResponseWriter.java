package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ByteBufFlux;

/**
 * Sends a node's response to the client. A short body of known length is read whole first, so that another node can
 * still answer if this one fails, and the node is free before the client has read anything. Any other body streams at
 * the pace of the client.
 */
final class ResponseWriter {
  private static final int MAX_BUFFERED_BYTES = 64 * 1024;
  /** So few bytes fit into the buffers that each connection has anyway. */
  private static final int MIN_COUNTED_BYTES = 4 * 1024;
  private static final int MAX_MEMORY_TRIES = 20;
  private static final Duration MEMORY_PAUSE = Duration.ofMillis(50);

  private final NettyDataBufferFactory buffers;
  private final Outlet outlet;
  private final Channel channel;
  private final ClientConnection client;
  private final MemoryBudget budget;
  private final Attempt attempt;
  private final boolean head;

  /**
   * Makes a writer.
   *
   * @param buffers of the response
   * @param head whether the request was HEAD
   * @param channel the connection of the client
   */
  ResponseWriter(NettyDataBufferFactory buffers, Outlet outlet, boolean head, Channel channel, ClientConnection client,
      MemoryBudget budget,
      Attempt attempt) {
    this.buffers = buffers;
    this.outlet = outlet;
    this.head = head;
    this.channel = channel;
    this.client = client;
    this.budget = budget;
    this.attempt = attempt;
  }

  /**
   * Writes headers and body.
   *
   * @param addition adds headers to those of the node
   * @param done is run when the node has sent all
   */
  Mono<Void> write(Consumer<HttpHeaders> addition, Runnable done) {
    HttpHeaders nodeHeaders = attempt.response().responseHeaders();
    ByteBufFlux body = attempt.connection().inbound().receive();
    int status = attempt.status();
    long length = length(nodeHeaders);
    boolean noBody = head || status == 204 || status == 304;
    if (noBody || length == 0) {
      return body.then().then(Mono.defer(() -> {
        nodeDone(done);
        return outlet.write(head(nodeHeaders, true, addition), Mono.empty());
      }));
    }
    if (length > 0 && length < MIN_COUNTED_BYTES) {
      return writeShort(body, nodeHeaders, addition, done);
    }
    boolean isShort = length > 0 && length <= MAX_BUFFERED_BYTES;
    return withMemory(isShort ? length : MAX_BUFFERED_BYTES, () -> isShort
        ? writeShort(body, nodeHeaders, addition, done)
        : writeStream(body, nodeHeaders, addition, done));
  }

  private Mono<Void> writeShort(ByteBufFlux body, HttpHeaders nodeHeaders, Consumer<HttpHeaders> addition,
      Runnable done) {
    return body.aggregate().retain().flatMap(bytes -> {
      nodeDone(done);
      return outlet.write(head(nodeHeaders, false, addition), Mono.<DataBuffer>just(buffers.wrap(bytes)));
    });
  }

  private Mono<Void> writeStream(ByteBufFlux body, HttpHeaders nodeHeaders, Consumer<HttpHeaders> addition,
      Runnable done) {
    attempt.passedOn();
    PacedBody.Turns turns = attempt.download();
    // Filters may look at the head before the body is read.
    turns.awaitReader();
    return outlet.write(head(nodeHeaders, false, addition),
        new PacedBody(body.retain(), channel, turns).doOnComplete(done).map((ByteBuf bytes) -> buffers.wrap(bytes)));
  }

  private void nodeDone(Runnable done) {
    attempt.passedOn();
    done.run();
  }

  /** Writes when there is memory for so many bytes. Until then they stay in the socket of the node. */
  private Mono<Void> withMemory(long bytes, Supplier<Mono<Void>> write) {
    Lease lease = budget.tryAcquire(bytes, client);
    if (lease != null) {
      return write.get().doFinally(signal -> lease.giveBack());
    }
    attempt.download().awaitReader();
    Scheduler loop = Schedulers.fromExecutorService(channel.eventLoop());
    return Mono.fromSupplier(() -> budget.tryAcquire(bytes, client))
        .repeatWhenEmpty(tries -> tries.take(MAX_MEMORY_TRIES).delayElements(MEMORY_PAUSE, loop))
        .switchIfEmpty(Mono.error(() -> new GatewayProblem(HttpStatus.BAD_GATEWAY,
            "Too many bytes are in flight. The request may have been executed.")))
        .flatMap(later -> write.get().doFinally(signal -> later.giveBack()));
  }

  private Outlet.Head head(HttpHeaders nodeHeaders, boolean bodiless, Consumer<HttpHeaders> addition) {
    HttpHeaders headers = nodeHeaders.copy();
    HeaderRewriter.removeHopByHop(nodeHeaders, headers);
    addition.accept(headers);
    return new Outlet.Head(attempt.status(), headers, bodiless);
  }

  private static long length(HttpHeaders nodeHeaders) {
    @Nullable
    String length = nodeHeaders.get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length);
  }
}
