package dev.statecraft.gateway.channel;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/** Receives a connection and the answer on it. All methods run on the event loop of the request. */
public interface ResponseReceiver {
  /** The connection is ready for the request. */
  void connected(NodeChannel channel);

  /** No connection could be opened. Nothing was sent. */
  void notConnected(Throwable cause);

  /** The head of the final answer has arrived. The receiver may change its headers. */
  void head(HttpResponse head);

  /** A part of the body has arrived. The receiver releases it. */
  void part(ByteBuf part);

  /** The answer is complete. The connection is no longer the receiver's. */
  void end();

  /** The connection broke before the answer was complete. It is no longer the receiver's. */
  void broken(Throwable cause);

}
