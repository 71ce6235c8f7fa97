package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.channel.PacedBody;
import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
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
    AnswerForm form = AnswerForm.of(head, attempt.status(), nodeHeaders);
    if (form.isBodiless()) {
      return body.then().then(Mono.defer(() -> {
        nodeDone(done);
        return outlet.write(head(nodeHeaders, true, addition), Mono.empty());
      }));
    }
    if (form.countedBytes() == 0) {
      return writeShort(body, nodeHeaders, addition, done);
    }
    return withMemory(form.countedBytes(), () -> form.isStreamed()
        ? writeStream(body, nodeHeaders, addition, done)
        : writeShort(body, nodeHeaders, addition, done));
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
        .repeatWhenEmpty(tries -> tries.take(AnswerForm.MAX_MEMORY_TRIES).delayElements(AnswerForm.MEMORY_PAUSE, loop))
        .switchIfEmpty(Mono.error(AnswerForm::tooManyBytes))
        .flatMap(later -> write.get().doFinally(signal -> later.giveBack()));
  }

  private Outlet.Head head(HttpHeaders nodeHeaders, boolean bodiless, Consumer<HttpHeaders> addition) {
    HttpHeaders headers = nodeHeaders.copy();
    HeaderRewriter.removeHopByHop(nodeHeaders, headers);
    addition.accept(headers);
    return new Outlet.Head(attempt.status(), headers, bodiless);
  }
}
