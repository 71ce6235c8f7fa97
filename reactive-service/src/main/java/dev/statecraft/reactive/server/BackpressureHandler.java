package dev.statecraft.reactive.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * Stops reading from a connection while its responses wait for the client to read them. Otherwise the responses to a
 * client that sends requests and reads nothing would fill the memory. One for each connection; used by its event loop
 * only.
 */
final class BackpressureHandler extends ChannelDuplexHandler {
  private boolean readPending;

  @Override
  public void read(ChannelHandlerContext context) {
    readPending = !context.channel().isWritable();
    if (!readPending) {
      context.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (readPending) {
      read(context);
    }
    context.fireChannelWritabilityChanged();
  }
}
