package dev.statecraft.stateful;

import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemDocuments(@Value("${statecraft.node}") String node) {
    return factory -> factory.addContextCustomizers(context -> {
      StandardHost host = (StandardHost) context.getParent();
      host.getPipeline().addValve(new ProblemDetailValve(node));
      // Tomcat adds a valve of this class unless the pipeline contains one.
      host.setErrorReportValveClass(ProblemDetailValve.class.getName());
    });
  }
}
