package dev.statecraft.reactive;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class ReactiveApplication {
  static void main(String[] arguments) {
    SpringApplication.run(ReactiveApplication.class, arguments);
  }
}
