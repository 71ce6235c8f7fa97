package dev.statecraft.stateless.client;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Makes Tomcat use {@link ClientAwareProtocol}. */
@Component
class ClientAwareTomcat implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setProtocol(ClientAwareProtocol.class.getName());
  }
}
