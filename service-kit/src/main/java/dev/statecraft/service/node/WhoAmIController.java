package dev.statecraft.service.node;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Names the service and the node that answers. */
@RestController
public final class WhoAmIController {
  private final WhoAmI answer;

  WhoAmIController(@Value("${spring.application.name}") String service, NodeProperties properties) {
    this.answer = new WhoAmI(service, properties.node());
  }

  @GetMapping("/whoami")
  WhoAmI whoami() {
    return answer;
  }

  record WhoAmI(String service, String node) {}
}
