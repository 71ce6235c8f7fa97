package dev.statecraft.reactive;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells which replica answers. */
@RestController
class WhoAmIController {
  private final NodeProperties properties;

  WhoAmIController(NodeProperties properties) {
    this.properties = properties;
  }

  @GetMapping("/whoami")
  WhoAmI whoami() {
    return new WhoAmI("reactive-service", properties.node());
  }

  record WhoAmI(String service, String node) {}
}
