package dev.statecraft.gateway.trace;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;

/** The observation of an attempt, with the header fields that carry the context of its span to the node. */
final class AttemptContext extends SenderContext<HttpHeaders> {
  AttemptContext() {
    super((headers, name, value) -> Objects.requireNonNull(headers).set(name, value), Kind.CLIENT);
    setCarrier(new DefaultHttpHeaders());
  }
}
