package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.util.List;
import java.util.Optional;

/** The gateway is killed and started again; while it is gone nothing answers. */
record GatewayKill() implements ProcessKill {
  static final String FORWARDED = "the load reaches one gateway pod by a forwarded port, which ends with it: give"
      + " --url";

  @Override
  public String name() {
    return "gateway-kill";
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return release.portForwarded() ? Optional.of(FORWARDED) : Optional.empty();
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "kill one pod of " + release.gateway();
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) {
    return List.of(List.of(FaultTarget.GATEWAY));
  }
}
