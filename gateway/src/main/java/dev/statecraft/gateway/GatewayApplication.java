package dev.statecraft.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class GatewayApplication {
  static void main(String[] arguments) {
    SpringApplication.run(GatewayApplication.class, arguments);
  }
}
