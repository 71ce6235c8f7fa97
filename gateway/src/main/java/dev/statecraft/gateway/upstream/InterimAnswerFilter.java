package dev.statecraft.gateway.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Drops interim answers of a node, such as 103 Early Hints, which Reactor Netty takes for the final answer. It handles
 * 100 itself, and 101 is final. One instance for each connection.
 */
final class InterimAnswerFilter extends ChannelInboundHandlerAdapter {
  private static final int CONTINUE = 100;
  private static final int SWITCHING_PROTOCOLS = 101;

  private boolean dropping;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse head) {
      int status = head.status().code();
      dropping = HttpStatusClass.INFORMATIONAL.contains(status) && status != CONTINUE
          && status != SWITCHING_PROTOCOLS;
    }
    if (!dropping) {
      context.fireChannelRead(message);
      return;
    }
    boolean last = message instanceof LastHttpContent;
    ReferenceCountUtil.release(message);
    if (last) {
      dropping = false;
      context.read();
    }
  }
}
