package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.forward.FilteredExchange;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes the answer of a node after the filters have changed its head, in the place of Spring's own filter. */
final class AnswerWritingFilter implements GlobalFilter, Ordered {
  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    return Mono.defer(() -> {
      FilteredExchange opened = FilteredExchange.open(exchange);
      Mono<Void> written = chain.filter(exchange).then(Mono.defer(() -> FilteredExchange.deliver(exchange)));
      return opened == null ? written : written.doFinally(signal -> opened.close(exchange));
    });
  }

  @Override
  public int getOrder() {
    return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER;
  }
}
