package dev.statecraft.reactive.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * Reads no further while what was written waits for the client to read it. Else a client that sends requests and reads
 * no answers has all of them answered, into the memory of the server. One for each connection; used by its event loop
 * only.
 */
final class ReadsWhileWritable extends ChannelDuplexHandler {
  private boolean waiting;

  @Override
  public void read(ChannelHandlerContext context) {
    waiting = !context.channel().isWritable();
    if (!waiting) {
      context.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (waiting) {
      read(context);
    }
    context.fireChannelWritabilityChanged();
  }
}
