package dev.statecraft.gateway.trace;

import io.netty.util.AttributeKey;

/** Names the attribute of a client's channel with the id of the trace of its current request. */
public final class TraceId {
  public static final AttributeKey<String> OF_REQUEST = AttributeKey.valueOf("statecraft.traceId");

  private TraceId() {}
}
