package dev.statecraft.reactive.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Answers 503 to the plainest of requests as soon as they are decoded. To take one through Reactor Netty and WebFlux
 * only to refuse it costs a loop a good part of what it costs to answer it, and under twice as many requests as it can
 * answer, that is a good part of its answers. What is not a GET of HTTP/1.1 without a body on a connection that stays,
 * or comes while an earlier one of its connection is not answered, goes on to {@link Shedding}.
 *
 * <p>One for each connection; used by its event loop only.
 */
final class FastReject extends ChannelDuplexHandler {
  /** What may tell of a body, or of another use of the connection. */
  private static final List<CharSequence> SPECIAL = List.of(HttpHeaderNames.CONTENT_LENGTH,
      HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.EXPECT, HttpHeaderNames.UPGRADE);

  private final Shedding shedding;
  private int unanswered;
  private boolean refusing;
  private boolean refused;
  private boolean informing;

  FastReject(Shedding shedding) {
    this.shedding = shedding;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      refusing = unanswered == 0 && shedding.hasNoRoom() && isPlain(request);
      unanswered += refusing ? 0 : 1;
    }
    if (!refusing) {
      context.fireChannelRead(message);
      return;
    }
    if (message instanceof LastHttpContent) {
      refusing = false;
      refused = true;
      var _ = context.write(shedding.refusal(), context.voidPromise());
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (refused) {
      refused = false;
      context.flush();
      // Nobody behind has seen a request, and would ask for the next.
      context.read();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      informing = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
    if (message instanceof LastHttpContent && !informing) {
      unanswered--;
    }
    var _ = context.write(message, promise);
  }

  private static boolean isPlain(HttpRequest request) {
    return request.decoderResult().isSuccess() && request.method().equals(HttpMethod.GET)
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1) && HttpUtil.isKeepAlive(request)
        && !Shedding.isAlwaysServed(request.uri())
        && SPECIAL.stream().noneMatch(request.headers()::contains);
  }
}
