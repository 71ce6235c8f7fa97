package dev.statecraft.gateway.client;

import dev.statecraft.gateway.client.RequestRules.Refusal;
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
 * Stands between the HTTP codec of one client's connection and everything else: refuses requests that break the rules,
 * cuts off bodies that are too long and clients that are too slow (slowloris), and while the gateway drains ends each
 * response with {@code Connection: close}. One for each connection; runs on its event loop alone.
 */
final class ClientGuard extends ChannelDuplexHandler {
  private enum Phase {
    IDLE, HEAD, BODY, ANSWER, REFUSED
  }

  private static final int CHECKS_PER_TIMEOUT = 4;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The same for all connections. */
  record Limits(RequestRules rules, long maximumBody, long headMillis, long bodyMillis, long idleMillis,
      BooleanSupplier draining, LongSupplier nanoTime) {
    long checkMillis() {
      return Math.max(1, Math.min(headMillis, Math.min(bodyMillis, idleMillis)) / CHECKS_PER_TIMEOUT);
    }
  }

  private final Limits limits;
  private Phase phase = Phase.IDLE;
  private long since;
  private long bodyBytes;
  private boolean receiving;
  private int unanswered;
  private boolean closing;
  private @Nullable Future<?> check;

  ClientGuard(Limits limits) {
    this.limits = limits;
    this.since = limits.nanoTime().getAsLong();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    // One timer for the life of a connection; requests only note the time.
    check = context.executor().scheduleWithFixedDelay(() -> checkPace(context), limits.checkMillis(),
        limits.checkMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stopChecking();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stopChecking();
    context.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (phase == Phase.REFUSED) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
      Refusal refusal = limits.rules().refusal(request);
      if (refusal != null) {
        ReferenceCountUtil.release(message);
        refuse(context, refusal);
        return;
      }
      unanswered++;
      bodyBytes = 0;
      receiving = true;
      enter(Phase.BODY);
    }
    if (message instanceof HttpContent content) {
      if (content.decoderResult().isFailure() && receiving) {
        // What came of the body is not the whole of it, and nobody behind may take it for that.
        ReferenceCountUtil.release(message);
        unanswered--;
        refuse(context, RequestRules.BAD_BODY);
        return;
      }
      bodyBytes += content.content().readableBytes();
      if (bodyBytes > limits.maximumBody()) {
        ReferenceCountUtil.release(message);
        unanswered--;
        refuse(context, limits.rules().tooLarge());
        return;
      }
      if (message instanceof LastHttpContent) {
        receiving = false;
        enter(unanswered == 0 ? Phase.IDLE : Phase.ANSWER);
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    // Bytes came, and no message out of them: a head has begun.
    if (phase == Phase.IDLE) {
      enter(Phase.HEAD);
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean interim = message instanceof HttpResponse head && head.status().code() < HttpResponseStatus.OK.code();
    if (message instanceof HttpResponse response && !interim && limits.draining().getAsBoolean()) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      closing = true;
    }
    if (message instanceof LastHttpContent && !interim) {
      unanswered = Math.max(0, unanswered - 1);
      if (!receiving && unanswered == 0 && phase != Phase.REFUSED) {
        enter(Phase.IDLE);
      }
      if (closing) {
        var _ = context.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    var _ = context.write(message, promise);
  }

  private void enter(Phase next) {
    phase = next;
    since = limits.nanoTime().getAsLong();
  }

  private void checkPace(ChannelHandlerContext context) {
    long millis = (limits.nanoTime().getAsLong() - since) / NANOS_PER_MILLI;
    switch (phase) {
      case IDLE -> {
        if (millis > limits.idleMillis()) {
          var _ = context.close();
        }
      }
      case HEAD -> {
        if (millis > limits.headMillis()) {
          refuse(context, new Refusal(HttpResponseStatus.REQUEST_TIMEOUT, "The request came too slowly."));
        }
      }
      case BODY -> {
        if (millis > limits.bodyMillis()) {
          unanswered--;
          refuse(context, new Refusal(HttpResponseStatus.REQUEST_TIMEOUT, "The request came too slowly."));
        }
      }
      case ANSWER -> {
        // The route's own time-outs apply.
      }
      case REFUSED -> {
        // A peer that does not read its refusal is not waited for.
        var _ = context.close();
      }
    }
  }

  /** Answers, unless an answer to an earlier request would come after this one, and closes. */
  private void refuse(ChannelHandlerContext context, Refusal refusal) {
    enter(Phase.REFUSED);
    if (unanswered > 0) {
      var _ = context.close();
      return;
    }
    byte[] body = ("{\"type\":\"about:blank\",\"title\":\"" + refusal.status().reasonPhrase() + "\",\"status\":"
        + refusal.status().code() + ",\"detail\":\"" + refusal.detail() + "\"}").getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status(),
        Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length).set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (refusal.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, RequestRules.ALLOW);
    }
    var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private void stopChecking() {
    if (check != null) {
      check.cancel(false);
      check = null;
    }
  }
}
