package dev.statecraft.gateway.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.gateway.client.RequestValidator.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
  /** A chunk with fewer bytes is copied, and joined with those that follow it in the same read. */
  private static final int MAX_JOINED_CHUNK_BYTES = 1_024;
  private static final int JOINED_BYTES = 2_048;
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
  @GuardedBy("leases")
  private final List<Lease> leases = new ArrayList<>(2);
  @GuardedBy("leases")
  private boolean closed;
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
  private @Nullable ByteBuf joined;
  private long waitMillis;
  private long writtenBytes;
  private long writeProgressAt;
  private long lastPending;
  private int lastMessage;
  private long lastFlushed;

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
    loop = limits.connections().add(this, added.channel().eventLoop());
    phaseStart = now();
    writeProgressAt = phaseStart;
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
    ByteBuf chunks = joined;
    joined = null;
    if (chunks != null) {
      chunks.release();
    }
    if (loop != null) {
      loop.remove(this);
    }
    synchronized (leases) {
      closed = true;
    }
    giveBackLeases();
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
    if (!last && length < MAX_JOINED_CHUNK_BYTES) {
      join(reading, content);
      return false;
    }
    passJoined(reading);
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

  private void join(ChannelHandlerContext reading, HttpContent content) {
    ByteBuf chunks = joined;
    if (chunks == null) {
      chunks = reading.alloc().buffer(JOINED_BYTES);
      joined = chunks;
    }
    chunks.writeBytes(content.content());
    content.release();
    if (chunks.readableBytes() >= JOINED_BYTES) {
      passJoined(reading);
    }
  }

  private void passJoined(ChannelHandlerContext reading) {
    ByteBuf chunks = joined;
    joined = null;
    if (chunks != null) {
      reading.fireChannelRead(new DefaultHttpContent(chunks));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext reading) {
    passJoined(reading);
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
    sweepWrites(at.channel(), elapsed);
  }

  private void sweepBody(ChannelHandlerContext at, long elapsed, long sincePhase) {
    if (!at.channel().config().isAutoRead()) {
      // The gateway waits for a node, not for the client.
      phaseStart = now();
    } else {
      waitMillis += elapsed;
      if (sincePhase > limits.bodyMillis()) {
        unanswered = Math.max(0, unanswered - 1);
        reject(at, RequestValidator.TOO_SLOW, "body-timeout");
      }
    }
  }

  /** Progress as in Netty's {@code IdleStateHandler}: fewer bytes wait, or others do. */
  private void sweepWrites(Channel channel, long elapsed) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    if (buffer == null || pending == 0) {
      writeProgressAt = now();
      lastPending = 0;
      return;
    }
    waitMillis += elapsed;
    int message = System.identityHashCode(buffer.current());
    long flushed = buffer.currentProgress();
    if (pending < lastPending || message != lastMessage || flushed != lastFlushed || lastPending == 0) {
      writeProgressAt = now();
    }
    lastPending = pending;
    lastMessage = message;
    lastFlushed = flushed;
    if (now() - writeProgressAt > limits.writeMillis()) {
      evict("write-timeout");
    }
  }

  @Override
  public void hold(Lease lease) {
    boolean open;
    synchronized (leases) {
      leases.removeIf(Lease::isGivenBack);
      open = !closed && leases.add(lease);
    }
    if (!open) {
      lease.giveBack();
    }
  }

  @Override
  public boolean reclaim(Object resource) {
    return loop != null && context != null && context.executor().inEventLoop() && loop.reclaim(resource);
  }

  boolean holds(Object resource) {
    synchronized (leases) {
      for (Lease lease : leases) {
        if (lease.isOf(resource)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns how long the client has kept the current exchange waiting, in sending or in reading. */
  long waitMillis() {
    return waitMillis;
  }

  boolean isEvictable() {
    return !evicted && (unanswered == 0 || waitMillis > 0);
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
    giveBackLeases();
    if (context != null) {
      var _ = context.channel().close();
    }
  }

  private void giveBackLeases() {
    List<Lease> all;
    synchronized (leases) {
      all = List.copyOf(leases);
      leases.clear();
    }
    all.forEach(Lease::giveBack);
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
    byte[] body = ("{\"type\":\"about:blank\",\"title\":\"" + rejection.status().reasonPhrase() + "\",\"status\":"
        + rejection.status().code() + ",\"detail\":\"" + rejection.detail() + "\"}").getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, rejection.status(),
        Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length).set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (rejection.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, RequestValidator.ALLOW);
    }
    var _ = at.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
