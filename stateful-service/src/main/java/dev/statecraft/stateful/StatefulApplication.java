package dev.statecraft.stateful;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class StatefulApplication {
  static void main(String[] arguments) {
    SpringApplication.run(StatefulApplication.class, arguments);
  }
}
