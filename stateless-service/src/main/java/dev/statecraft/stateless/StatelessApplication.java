package dev.statecraft.stateless;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

@SpringBootApplication
@EnableConfigurationProperties(NodeProperties.class)
class StatelessApplication {
  static void main(String[] arguments) {
    SpringApplication.run(StatelessApplication.class, arguments);
  }
}
