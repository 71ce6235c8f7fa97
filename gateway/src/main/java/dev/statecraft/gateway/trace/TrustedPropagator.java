package dev.statecraft.gateway.trace;

import dev.statecraft.gateway.client.TrustedProxies;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.propagation.Propagator;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Continues the traces of trusted proxies only. Anyone else could have each request sampled, and write into the traces
 * of others.
 */
final class TrustedPropagator implements Propagator {
  private final Propagator all;
  private final TrustedProxies proxies;

  TrustedPropagator(Propagator all, TrustedProxies proxies) {
    this.all = all;
    this.proxies = proxies;
  }

  @Override
  public List<String> fields() {
    return all.fields();
  }

  @Override
  public <C> void inject(TraceContext context, @Nullable C carrier, Setter<C> setter) {
    all.inject(context, carrier, setter);
  }

  @Override
  public <C> Span.Builder extract(@Nullable C carrier, Getter<C> getter) {
    boolean trusted = !(carrier instanceof ServerHttpRequest request) || trusts(request.getRemoteAddress());
    return all.extract(carrier, trusted ? getter : (headers, name) -> null);
  }

  private boolean trusts(@Nullable InetSocketAddress peer) {
    return peer != null && peer.getAddress() != null && proxies.trusts(peer.getAddress().getHostAddress());
  }
}
