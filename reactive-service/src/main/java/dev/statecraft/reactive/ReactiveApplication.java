package dev.statecraft.reactive;

import dev.statecraft.service.SharedApiConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@Import(SharedApiConfiguration.class)
class ReactiveApplication {
  static void main(String[] arguments) {
    SpringApplication.run(ReactiveApplication.class, arguments);
  }
}
