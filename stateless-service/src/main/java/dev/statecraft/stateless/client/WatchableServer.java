package dev.statecraft.stateless.client;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Has Tomcat speak the protocol that {@link ClientConnections} can watch. */
@Component
class WatchableServer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setProtocol(WatchableProtocol.class.getName());
  }
}
