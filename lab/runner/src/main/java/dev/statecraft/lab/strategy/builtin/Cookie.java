package dev.statecraft.lab.strategy.builtin;

import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyProfile;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.util.Set;

/** The client's cookie holds the state. */
public final class Cookie implements SessionStrategy {
  @Override
  public String id() {
    return "cookie";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return new GuaranteeText("survives the loss of every node",
        "4 KiB at most; no revocation; concurrent tabs overwrite each other; an old cookie can be replayed");
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile(id(), "in the user's browser, encrypted so that only the service can read it",
        "State is small, and any node, even a new one in another region, must serve any user without a store.",
        "You must be able to revoke sessions at once, several tabs of a user write concurrently, or the state may"
            + " exceed the size of a cookie.");
  }

  @Override
  public boolean isPeer() {
    return false;
  }

  @Override
  public Set<StrategyTrait> traits() {
    return Set.of(StrategyTrait.HAS_NO_CONNECTIONS);
  }
}
