package dev.statecraft.gateway.client;

import dev.statecraft.gateway.client.RequestValidator.Rejection;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Guards one client connection, between the HTTP codec and all other handlers. Rejects requests that break the rules,
 * bodies that are too long, and clients that are too slow (slowloris). While the gateway drains, closes the connection
 * after each response. One instance for each connection; runs only on its event loop.
 */
final class ClientConnectionGuard extends ChannelDuplexHandler {
  private enum Phase {
    IDLE, READING_HEAD, READING_BODY, RESPONDING, REJECTED
  }

  private static final int CHECKS_PER_TIMEOUT = 4;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Settings that all connections share. */
  record Limits(RequestValidator validator, long maximumBody, long headMillis, long bodyMillis, long idleMillis,
      BooleanSupplier draining, LongSupplier nanoTime) {
    long checkMillis() {
      return Math.max(1, Math.min(headMillis, Math.min(bodyMillis, idleMillis)) / CHECKS_PER_TIMEOUT);
    }
  }

  private final Limits limits;
  private Phase phase = Phase.IDLE;
  private long phaseStart;
  private long bodyBytes;
  private boolean receivingBody;
  private int unanswered;
  private boolean closeAfterResponse;
  private @Nullable Future<?> timer;

  ClientConnectionGuard(Limits limits) {
    this.limits = limits;
    this.phaseStart = limits.nanoTime().getAsLong();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    // One timer for the whole connection; requests only record the time.
    timer = context.executor().scheduleWithFixedDelay(() -> checkTimeout(context), limits.checkMillis(),
        limits.checkMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancelTimer();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelTimer();
    context.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (phase == Phase.REJECTED) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
      Rejection rejection = limits.validator().validate(request);
      if (rejection != null) {
        ReferenceCountUtil.release(message);
        reject(context, rejection);
        return;
      }
      unanswered++;
      bodyBytes = 0;
      receivingBody = true;
      startPhase(Phase.READING_BODY);
    }
    if (message instanceof HttpContent content) {
      if (content.decoderResult().isFailure() && receivingBody) {
        // The body is incomplete, so the service must not see its end.
        ReferenceCountUtil.release(message);
        unanswered--;
        reject(context, RequestValidator.INVALID_BODY);
        return;
      }
      bodyBytes += content.content().readableBytes();
      if (bodyBytes > limits.maximumBody()) {
        ReferenceCountUtil.release(message);
        unanswered--;
        reject(context, limits.validator().tooLarge());
        return;
      }
      if (message instanceof LastHttpContent) {
        receivingBody = false;
        startPhase(unanswered == 0 ? Phase.IDLE : Phase.RESPONDING);
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    // Bytes were read but no message was decoded: a head has started.
    if (phase == Phase.IDLE) {
      startPhase(Phase.READING_HEAD);
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean interim = message instanceof HttpResponse head && head.status().code() < HttpResponseStatus.OK.code();
    if (message instanceof HttpResponse response && !interim && limits.draining().getAsBoolean()) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      closeAfterResponse = true;
    }
    if (message instanceof LastHttpContent && !interim) {
      unanswered = Math.max(0, unanswered - 1);
      if (!receivingBody && unanswered == 0 && phase != Phase.REJECTED) {
        startPhase(Phase.IDLE);
      }
      if (closeAfterResponse) {
        var _ = context.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    var _ = context.write(message, promise);
  }

  private void startPhase(Phase next) {
    phase = next;
    phaseStart = limits.nanoTime().getAsLong();
  }

  private void checkTimeout(ChannelHandlerContext context) {
    long millis = (limits.nanoTime().getAsLong() - phaseStart) / NANOS_PER_MILLI;
    switch (phase) {
      case IDLE -> {
        if (millis > limits.idleMillis()) {
          var _ = context.close();
        }
      }
      case READING_HEAD, READING_BODY -> {
        boolean body = phase == Phase.READING_BODY;
        if (millis > (body ? limits.bodyMillis() : limits.headMillis())) {
          unanswered -= body ? 1 : 0;
          reject(context, new Rejection(HttpResponseStatus.REQUEST_TIMEOUT, "The request was sent too slowly."));
        }
      }
      case RESPONDING -> {
        // The time-outs of the route apply.
      }
      case REJECTED -> {
        // Closes although the client has not read the rejection.
        var _ = context.close();
      }
    }
  }

  /** Answers and closes. Only closes if an earlier request has no answer yet, because answers must be in order. */
  private void reject(ChannelHandlerContext context, Rejection rejection) {
    startPhase(Phase.REJECTED);
    if (unanswered > 0) {
      var _ = context.close();
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
    var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
