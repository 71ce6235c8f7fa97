package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.server.HttpServerResponse;

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

  private final ServerWebExchange exchange;
  private final Channel channel;
  private final ClientConnection client;
  private final MemoryBudget budget;
  private final Attempt attempt;

  /**
   * Makes a writer.
   *
   * @param channel the connection of the client
   */
  ResponseWriter(ServerWebExchange exchange, Channel channel, ClientConnection client, MemoryBudget budget,
      Attempt attempt) {
    this.exchange = exchange;
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
    boolean noBody = exchange.getRequest().getMethod().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    if (noBody || length == 0) {
      return body.then().then(Mono.defer(() -> {
        nodeDone(done);
        writeHeaders(nodeHeaders, status, noBody, addition);
        return exchange.getResponse().setComplete();
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
    NettyDataBufferFactory buffers = buffers();
    return exchange.getResponse().writeWith(body.aggregate().retain().<DataBuffer>map(bytes -> {
      nodeDone(done);
      writeHeaders(nodeHeaders, attempt.status(), false, addition);
      return buffers.wrap(bytes);
    }));
  }

  private Mono<Void> writeStream(ByteBufFlux body, HttpHeaders nodeHeaders, Consumer<HttpHeaders> addition,
      Runnable done) {
    NettyDataBufferFactory buffers = buffers();
    attempt.passedOn();
    writeHeaders(nodeHeaders, attempt.status(), false, addition);
    return exchange.getResponse().writeWith(new PacedBody(body.retain(), channel, attempt.download())
        .doOnComplete(done).map((ByteBuf bytes) -> buffers.wrap(bytes)));
  }

  private void nodeDone(Runnable done) {
    attempt.passedOn();
    done.run();
  }

  private NettyDataBufferFactory buffers() {
    return (NettyDataBufferFactory) exchange.getResponse().bufferFactory();
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

  private void writeHeaders(HttpHeaders nodeHeaders, int status, boolean noBody, Consumer<HttpHeaders> addition) {
    ServerHttpResponse response = exchange.getResponse();
    response.setRawStatusCode(status);
    HttpServerResponse outgoing = ServerHttpResponseDecorator.getNativeResponse(response);
    HttpHeaders headers = outgoing.responseHeaders();
    headers.set(nodeHeaders);
    HeaderRewriter.removeHopByHop(nodeHeaders, headers);
    if (!noBody && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    addition.accept(headers);
  }

  private static long length(HttpHeaders nodeHeaders) {
    @Nullable
    String length = nodeHeaders.get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length);
  }
}
