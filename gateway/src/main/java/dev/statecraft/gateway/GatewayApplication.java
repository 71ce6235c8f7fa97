package dev.statecraft.gateway;

import dev.statecraft.gateway.client.MemoryShares;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class GatewayApplication {
  static void main(String[] arguments) {
    MemoryShares.limitDirectMemory();
    SpringApplication.run(GatewayApplication.class, arguments);
  }
}
