package dev.statecraft.gateway.client;

import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;

/** Guards every connection of the gateway's server. */
@Configuration(proxyBeanMethods = false)
public class ClientConfiguration {
  /** As many as can wait: Netty's own backlog on Linux is the system's, which is rarely more. */
  private static final int ACCEPTED_IN_ONE_TURN = 4_096;

  @Bean
  TrustedProxies trustedProxies(ClientSettings settings) {
    return TrustedProxies.parse(settings.trustedProxies());
  }

  @Bean
  NettyServerCustomizer clientGuard(ClientSettings settings, Drain drain) {
    long maximumBody = settings.maximumBody().toBytes();
    ClientGuard.Limits limits = new ClientGuard.Limits(new RequestRules(maximumBody, settings.maximumHeaders()),
        maximumBody, settings.headTimeout().toMillis(), settings.bodyTimeout().toMillis(),
        settings.idleTimeout().toMillis(), drain::isDraining, System::nanoTime);
    return server -> server.doOnChannelInit((observer, channel, remote) -> channel.pipeline()
        .addBefore(NettyPipeline.HttpTrafficHandler, "statecraft.clientGuard", new ClientGuard(limits)));
  }

  /**
   * Takes all connections that wait at each turn of the loop. Netty's epoll takes one, however many it is told to
   * (4.2.15): it takes the number of the accepted socket for bytes read, and sees that there were not as many as it
   * wanted. So after a pause new clients waited for as many turns as there were before them, while those already in
   * were served.
   */
  @Bean
  NettyServerCustomizer newConnections() {
    return server -> server.option(
        ChannelOption.RECVBUF_ALLOCATOR,
        new ServerChannelRecvByteBufAllocator().respectMaybeMoreData(false).maxMessagesPerRead(ACCEPTED_IN_ONE_TURN));
  }
}
