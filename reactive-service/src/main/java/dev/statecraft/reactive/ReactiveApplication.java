package dev.statecraft.reactive;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

@SpringBootApplication
@EnableConfigurationProperties(NodeProperties.class)
class ReactiveApplication {
  static void main(String[] arguments) {
    SpringApplication.run(ReactiveApplication.class, arguments);
  }
}
