package dev.statecraft.reactive.server;

import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.ConnectionProvider;

/** Gives this node its own event loops, in place of those that Reactor Netty shares within a process. */
@Configuration(proxyBeanMethods = false)
class EventLoopConfiguration {
  private static final Logger log = LoggerFactory.getLogger(EventLoopConfiguration.class);
  private static final int MAX_CONNECTIONS_PER_HOST = 1_000;

  @Bean
  ReactorResourceFactory reactorResourceFactory(ServerProperties properties) {
    int loops = properties.acceptors();
    ReactorResourceFactory factory = new ReactorResourceFactory();
    factory.setUseGlobalResources(false);
    factory.setLoopResourcesSupplier(() -> new EventLoopResources(loops, listeningSockets(properties) == loops));
    factory.setConnectionProviderSupplier(() -> ConnectionProvider.builder("calls")
        .maxConnections(MAX_CONNECTIONS_PER_HOST).pendingAcquireMaxCount(MAX_CONNECTIONS_PER_HOST).build());
    factory.setShutdownQuietPeriod(Duration.ZERO);
    return factory;
  }

  @Bean
  NettyReactiveWebServerFactory webServerFactory(ServerProperties properties, ReactorResourceFactory resources,
      ObjectProvider<NettyServerCustomizer> customizers) {
    int sockets = listeningSockets(properties);
    if (sockets < properties.acceptors()) {
      log.warn(
          "Using 1 listening socket instead of {}: Netty's epoll transport, which SO_REUSEPORT needs, is not available",
          properties.acceptors());
    }
    MultiAcceptorServerFactory factory = new MultiAcceptorServerFactory(sockets);
    factory.setResourceFactory(resources);
    customizers.orderedStream().forEach(factory::addServerCustomizers);
    return factory;
  }

  private static int listeningSockets(ServerProperties properties) {
    return Epoll.isAvailable() ? properties.acceptors() : 1;
  }
}
