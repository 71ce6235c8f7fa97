package dev.statecraft.session.affinity;

import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.signing.KeyRing;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Configures the handover of sessions between nodes, if peers are set. A single node needs no keys. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty("statecraft.session.affinity.peers")
@Import(KeyRingConfiguration.class)
class HandoverConfiguration {
  @Bean
  HandoverToken handoverToken(KeyRing keys, SessionStoreContext context) {
    return new HandoverToken(keys, context.time());
  }

  @Bean
  Peers sessionPeers(AffinityProperties properties, HandoverToken token,
      @Value("${statecraft.node:unnamed}") String node) {
    return new Peers(node, properties.addresses(), token, properties.handover().lookup());
  }

  @Bean
  Handover sessionHandover(AffinitySessionRepository sessions, Peers peers, AffinityProperties properties) {
    return new Handover(sessions, peers, properties.handover().lookup(), properties.handover().deadline());
  }

  @Bean
  ServletRegistrationBean<HandoverServlet> handoverServlet(Handover handover, HandoverToken token) {
    return new ServletRegistrationBean<>(new HandoverServlet(new HandoverEndpoint(handover, token)), Peers.PATH + "/*");
  }
}
