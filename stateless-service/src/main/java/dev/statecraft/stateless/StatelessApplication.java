package dev.statecraft.stateless;

import java.time.InstantSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(proxyBeanMethods = false) @ConfigurationPropertiesScan
class StatelessApplication {
  static void main(String[] arguments) {
    SpringApplication.run(StatelessApplication.class, arguments);
  }

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }
}
