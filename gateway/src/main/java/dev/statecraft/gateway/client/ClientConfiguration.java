package dev.statecraft.gateway.client;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;

/** Guards every connection of the gateway's server. */
@Configuration(proxyBeanMethods = false)
public class ClientConfiguration {
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
}
