package dev.statecraft.gateway.client;

import dev.statecraft.gateway.client.RequestValidator.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Guards one client connection, between the HTTP codec and all other handlers. Rejects requests that break the rules,
 * bodies that are too long, and clients that are too slow, in sending or in reading. Joins small chunks of a body.
 * While the gateway drains, closes the connection after each response. One instance for each connection; runs only on
 * its event loop.
 */
final class ClientConnectionGuard extends ChannelDuplexHandler implements ClientConnection {
  private enum Phase {
    IDLE, READING_HEAD, READING_BODY, RESPONDING, REJECTED
  }

  /** {@link #remainingBodyBytes} of a chunked body. */
  static final long CHUNKED = -1;
  /** So many requests can be decoded before the first of them is answered. */
  private static final int MAX_UNANSWERED = 16;
  private static final long REJECTED_MILLIS = 1_000;
  private static final long BYTES_PER_WAIT = 16 * 1024;
  /** A client that has never sent a request is closed this many times earlier. */
  private static final long STRANGER_FACTOR = 16;

  /**
   * Settings that all connections share.
   *
   * @param closed is told why the gateway closed a connection, for metrics
   */
  record Limits(RequestValidator validator, long maximumBody, long headMillis, long bodyMillis, long idleMillis,
      long writeMillis, BooleanSupplier draining, ClientConnections connections, Consumer<String> closed) {}

  private final Limits limits;
  private final DecodeThrottle throttle = new DecodeThrottle(this);
  private final LeaseSet leases = new LeaseSet();
  private final ChunkJoiner chunks = new ChunkJoiner();
  private final WriteProgress writes = new WriteProgress();
  private @Nullable ChannelHandlerContext context;
  private ClientConnections.@Nullable Loop loop;
  private @Nullable ChannelHandlerContext decoder;
  private int index;
  private Phase phase = Phase.IDLE;
  private long phaseStart;
  private long bodyBytes;
  private long declaredBytes;
  private boolean receivingBody;
  private int unanswered;
  private boolean served;
  private boolean responding;
  private boolean evicted;
  private boolean closeAfterResponse;
  private long waitMillis;
  private long writtenBytes;

  ClientConnectionGuard(Limits limits) {
    this.limits = limits;
  }

  /** Returns the handler to be placed before the HTTP codec. */
  DecodeThrottle throttle() {
    return throttle;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    decoder = added.pipeline().context(throttle);
    added.channel().attr(KEY).set(this);
    loop = limits.connections().add(this, added.channel());
    phaseStart = now();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    close();
    inactive.fireChannelInactive();
  }

  private void close() {
    chunks.release();
    if (loop != null) {
      loop.remove(this);
    }
    leases.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    if (phase == Phase.REJECTED) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request && request.decoderResult().isSuccess()
        && !accept(reading, request)) {
      return;
    }
    if (message instanceof HttpContent content && !accept(reading, content)) {
      return;
    }
    reading.fireChannelRead(message);
  }

  private boolean accept(ChannelHandlerContext reading, HttpRequest request) {
    Rejection rejection = limits.validator().validate(request);
    if (rejection != null) {
      ReferenceCountUtil.release(request);
      reject(reading, rejection, "invalid");
      return false;
    }
    if (++unanswered > MAX_UNANSWERED) {
      ReferenceCountUtil.release(request);
      evict("pipelined");
      return false;
    }
    bodyBytes = 0;
    declaredBytes = HttpUtil.isTransferEncodingChunked(request) ? CHUNKED : HttpUtil.getContentLength(request, 0L);
    receivingBody = true;
    startPhase(Phase.READING_BODY);
    return true;
  }

  /** Returns false if the content was consumed here. */
  private boolean accept(ChannelHandlerContext reading, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (content.decoderResult().isFailure() && receivingBody) {
      // The body is incomplete, so the service must not see its end.
      return rejectBody(reading, content, RequestValidator.INVALID_BODY);
    }
    int length = content.content().readableBytes();
    bodyBytes += length;
    if (bodyBytes > limits.maximumBody()) {
      return rejectBody(reading, content, limits.validator().tooLarge());
    }
    phaseStart = now();
    if (!last && ChunkJoiner.isSmall(content)) {
      chunks.add(reading, content);
      return false;
    }
    chunks.flush(reading);
    if (last) {
      receivingBody = false;
      startPhase(unanswered == 0 ? Phase.IDLE : Phase.RESPONDING);
    }
    return true;
  }

  private boolean rejectBody(ChannelHandlerContext reading, HttpContent content, Rejection rejection) {
    ReferenceCountUtil.release(content);
    unanswered--;
    reject(reading, rejection, "invalid");
    return false;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext reading) {
    chunks.endTurn(reading);
    // Bytes were read but no message was decoded: a head has started.
    if (phase == Phase.IDLE) {
      startPhase(Phase.READING_HEAD);
    }
    reading.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
    if (phase == Phase.REJECTED) {
      ReferenceCountUtil.release(message);
      promise.tryFailure(new ClosedChannelException());
      return;
    }
    boolean interim = message instanceof HttpResponse head && head.status().code() < HttpResponseStatus.OK.code();
    if (message instanceof HttpResponse response && !interim) {
      responding = true;
      if (limits.draining().getAsBoolean()) {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        closeAfterResponse = true;
      }
    }
    if (message instanceof ByteBuf bytes) {
      writtenBytes += bytes.readableBytes();
    } else if (message instanceof ByteBufHolder holder) {
      writtenBytes += holder.content().readableBytes();
    }
    if (message instanceof LastHttpContent && !interim) {
      responded();
      if (closeAfterResponse) {
        var _ = writing.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    var _ = writing.write(message, promise);
  }

  private void responded() {
    unanswered = Math.max(0, unanswered - 1);
    responding = false;
    served = true;
    waitMillis = 0;
    writtenBytes = 0;
    if (!receivingBody && unanswered == 0) {
      startPhase(Phase.IDLE);
      if (decoder != null) {
        throttle.resume(decoder);
      }
    }
  }

  private void startPhase(Phase next) {
    phase = next;
    phaseStart = now();
  }

  private long now() {
    return loop == null ? 0 : loop.millis();
  }

  /** Tells whether the next bytes belong to the body of a request. */
  boolean isReceivingBody() {
    return receivingBody;
  }

  /** Tells whether the next bytes belong to the head of a request that can be forwarded at once. */
  boolean awaitsHead() {
    return unanswered == 0 && phase != Phase.REJECTED;
  }

  /** Returns how many bytes the current body still has, {@link #CHUNKED} if unknown, or 0 if there is no body. */
  long remainingBodyBytes() {
    if (!receivingBody) {
      return 0;
    }
    return declaredBytes == CHUNKED ? CHUNKED : declaredBytes - bodyBytes;
  }

  /** Returns the number of small chunks that were decoded in this turn of the event loop. */
  int smallChunks() {
    return chunks.added();
  }

  int index() {
    return index;
  }

  void index(int next) {
    index = next;
  }

  /**
   * Looks at the time since the last progress.
   *
   * @param elapsed milliseconds since the last call
   */
  void sweep(long elapsed) {
    ChannelHandlerContext at = context;
    if (at == null) {
      return;
    }
    long sincePhase = now() - phaseStart;
    switch (phase) {
      case IDLE -> {
        if (sincePhase > limits.idleMillis()) {
          var _ = at.close();
        }
      }
      case READING_HEAD -> {
        if (sincePhase > limits.headMillis()) {
          reject(at, RequestValidator.TOO_SLOW, "head-timeout");
        }
      }
      case READING_BODY -> sweepBody(at, elapsed, sincePhase);
      case RESPONDING -> {
        // The time-outs of the route apply.
      }
      case REJECTED -> {
        // Closes although the client has not read the rejection.
        if (sincePhase > REJECTED_MILLIS) {
          var _ = at.close();
        }
      }
    }
    writes.look(at.channel(), now());
    if (writes.isWaiting()) {
      waitMillis += elapsed;
    }
    if (writes.stalledFor(now()) > limits.writeMillis()) {
      evict("write-timeout");
    }
  }

  private void sweepBody(ChannelHandlerContext at, long elapsed, long sincePhase) {
    if (unanswered == 0) {
      // The request was answered before its body arrived, so a second answer must not follow.
      if (sincePhase > limits.bodyMillis()) {
        evict("body-timeout");
      }
    } else if (!at.channel().config().isAutoRead()) {
      // The gateway waits for a node, not for the client.
      phaseStart = now();
    } else {
      waitMillis += elapsed;
      if (sincePhase > limits.bodyMillis()) {
        unanswered--;
        reject(at, RequestValidator.TOO_SLOW, "body-timeout");
      }
    }
  }

  @Override
  public void hold(Lease lease) {
    leases.add(lease);
  }

  @Override
  public boolean reclaim(Object resource) {
    if (loop == null || context == null) {
      return false;
    }
    if (context.executor().inEventLoop()) {
      return loop.reclaim(resource);
    }
    loop.requestReclaim(resource);
    return false;
  }

  boolean holds(Object resource) {
    return leases.holds(resource);
  }

  /** Returns how long the client has kept the current exchange waiting, in sending or in reading. */
  long waitMillis() {
    return waitMillis;
  }

  boolean isEvicted() {
    return evicted;
  }

  /** Tells whether it has no exchange. */
  boolean isIdle() {
    return unanswered == 0;
  }

  /**
   * Returns a rank for eviction: the time that the client has kept the gateway waiting, in relation to the bytes moved.
   */
  long slowness() {
    return unanswered > 0
        ? waitMillis / (1 + (bodyBytes + writtenBytes) / BYTES_PER_WAIT)
        : (1 + now() - phaseStart) * (served ? 1 : STRANGER_FACTOR);
  }

  /** Closes the connection for the sake of others, and gives back what its exchange holds. */
  void evict(String reason) {
    evicted = true;
    limits.closed().accept(reason);
    leases.close();
    if (context != null) {
      var _ = context.channel().close();
    }
  }

  /**
   * Answers and closes. Only closes if an earlier request has no answer yet, because answers must be in order, or if
   * the answer to this one has begun.
   */
  private void reject(ChannelHandlerContext at, Rejection rejection, String reason) {
    startPhase(Phase.REJECTED);
    limits.closed().accept(reason);
    if (unanswered > 0 || responding) {
      var _ = at.close();
      return;
    }
    var _ = at.writeAndFlush(rejection.toResponse()).addListener(ChannelFutureListener.CLOSE);
  }
}
