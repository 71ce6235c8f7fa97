package com.example.notes;

import dev.statecraft.lab.strategy.GuaranteeText;
import dev.statecraft.lab.strategy.MemberPorts;
import dev.statecraft.lab.strategy.NodeContext;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.SharedStore;
import dev.statecraft.lab.strategy.StrategyProfile;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Listed in {@code META-INF/services} of the tests. */
public final class NotesStrategy implements SessionStrategy {
  @Override
  public String id() {
    return "notes";
  }

  @Override
  public GuaranteeText guarantee(String reads, String writes) {
    return new GuaranteeText("any node serves any session", "the last of concurrent writes wins");
  }

  @Override
  public StrategyProfile profile() {
    return new StrategyProfile("in a notes server", "You have one.", "You have none.");
  }

  @Override
  public Path jars(Path home) {
    return home.resolve("notes");
  }

  @Override
  public Set<StrategyTrait> traits() {
    return Set.of(StrategyTrait.SESSIONS_HAVE_OWNERS);
  }

  @Override
  public Optional<SharedStore> store() {
    return Optional.of(new NotesServer());
  }

  @Override
  public Optional<MemberPorts> memberPorts() {
    return Optional.of(new MemberPorts(false, 0));
  }

  @Override
  public void configure(NodeContext node, Map<String, String> properties) {
    properties.put("notes.server", node.store().address() + ":" + node.store().port());
    properties.put("notes.members", node.memberList());
  }

  @Override
  public int minNodes() {
    return 2;
  }
}
