package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.util.List;
import java.util.Optional;

/** Kills the gateway and restarts it. No request is answered while the gateway is down. */
record GatewayKill() implements ProcessKill {
  static final String UNSUPPORTED_FORWARDED = "the load goes through a port forwarded to one gateway pod and would"
      + " end with it; set --url";

  @Override
  public String name() {
    return "gateway-kill";
  }

  /** No loss is excused: sessions are not in the gateway. */
  @Override
  public FaultEffects effects() {
    return FaultEffects.NONE;
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return release.portForwarded() ? Optional.of(UNSUPPORTED_FORWARDED) : Optional.empty();
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "kill one pod of " + release.gateway();
  }

  @Override
  public boolean takesTarget() {
    return false;
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) {
    return List.of(List.of(FaultTarget.GATEWAY));
  }
}
