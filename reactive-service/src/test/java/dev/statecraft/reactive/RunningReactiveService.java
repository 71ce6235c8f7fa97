package dev.statecraft.reactive;

import dev.statecraft.stateless.RunningService;

/** The reactive service, likewise. */
abstract class RunningReactiveService extends RunningService {
  @Override
  public String service() {
    return "reactive-service";
  }
}
