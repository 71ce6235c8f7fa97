package dev.statecraft.stateless;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class StatelessApplication {
  static void main(String[] arguments) {
    SpringApplication.run(StatelessApplication.class, arguments);
  }
}
