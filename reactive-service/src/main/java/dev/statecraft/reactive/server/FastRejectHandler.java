package dev.statecraft.reactive.server;

import dev.statecraft.service.admission.OverloadResponse;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Answers 503 to simple requests as soon as they are decoded. To pass a request through Reactor Netty and WebFlux only
 * to reject it costs a good part of what an answer costs. Simple is an HTTP/1.1 GET without a body, on a connection
 * that stays open and has no unanswered request; {@link LoadShedding} rejects the others.
 *
 * <p>One for each connection; used by its event loop only.
 */
final class FastRejectHandler extends ChannelDuplexHandler {
  private final LoadShedding shedding;
  private int unanswered;
  private boolean rejecting;
  private boolean flushPending;
  private boolean writingInterimResponse;

  FastRejectHandler(LoadShedding shedding) {
    this.shedding = shedding;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      rejecting = unanswered == 0 && shedding.isFull() && isSimple(request);
      unanswered += rejecting ? 0 : 1;
    }
    if (!rejecting) {
      context.fireChannelRead(message);
      return;
    }
    if (message instanceof LastHttpContent) {
      rejecting = false;
      flushPending = true;
      var _ = context.write(shedding.countedRejection(), context.voidPromise());
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (flushPending) {
      flushPending = false;
      context.flush();
      // The handlers after this one saw no request, so they do not ask for the next.
      context.read();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      writingInterimResponse = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
    if (message instanceof LastHttpContent && !writingInterimResponse) {
      unanswered--;
    }
    var _ = context.write(message, promise);
  }

  private static boolean isSimple(HttpRequest request) {
    return request.decoderResult().isSuccess() && request.method().equals(HttpMethod.GET)
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1) && HttpUtil.isKeepAlive(request)
        && !OverloadResponse.isExempt(request.uri())
        && OverloadResponse.SPECIAL_REQUEST_HEADERS.stream().noneMatch(request.headers()::contains);
  }
}
