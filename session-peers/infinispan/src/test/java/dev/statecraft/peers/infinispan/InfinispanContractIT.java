package dev.statecraft.peers.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.ContextNode;
import dev.statecraft.session.contract.LoopbackMembers;
import dev.statecraft.session.contract.RealTimeCluster;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.infinispan.AdvancedCache;
import org.infinispan.context.Flag;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.JChannel;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TCP;
import org.jgroups.stack.ProtocolStack.Position;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/** Three members in one process, connected over loopback. */
class InfinispanContractIT extends SessionContract {
  private static final LoopbackMembers MEMBERS = new LoopbackMembers(4);
  private static final List<ContextNode> NODES = new ArrayList<>();

  @BeforeAll
  static void startNodes() {
    MEMBERS.names().subList(0, 3).forEach(name -> NODES.add(startNode(name)));
    awaitMembers(3);
  }

  private static ContextNode startNode(String name) {
    return new ContextNode(
        "statecraft.node=" + name,
        "statecraft.session.strategy=infinispan",
        "statecraft.session.infinispan.members=" + MEMBERS.list());
  }

  private static void awaitMembers(int members) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> NODES.stream().allMatch(node -> caches(node).getMembers().size() == members));
  }

  private static EmbeddedCacheManager caches(ContextNode node) {
    return node.bean(EmbeddedCacheManager.class);
  }

  @AfterAll
  static void stopNodes() {
    NODES.forEach(ContextNode::close);
  }

  @Override
  protected SessionStrategy strategy() {
    return NODES.getFirst().bean(SessionStrategy.class);
  }

  @Override
  protected TestCluster start() {
    return new RealTimeCluster(
        NODES,
        () -> caches(NODES.getFirst()).<String, Object>getCache(InfinispanConfiguration.CACHE).keySet(),
        index -> {
          NODES.remove(index).close();
          NODES.add(startNode(MEMBERS.names().get(3)));
          awaitMembers(3);
        },
        () -> NODES.forEach(
            node -> caches(node)
                .getCache(InfinispanConfiguration.CACHE)
                .getAdvancedCache()
                .getExpirationManager()
                .processExpiration()));
  }

  @Test
  void listensOnlyAtItsMemberAddress() {
    NODES.forEach(
        node -> assertThat(GlobalComponentRegistry.componentOf(caches(node), Transport.class).getPhysicalAddresses())
            .singleElement()
            .asString()
            .isSubstringOf(MEMBERS.list()));
  }

  @Test
  void writesGoOnAfterSilentMemberIsExcluded() throws Exception {
    String token = createSession("user", "ada");
    ContextNode silent = NODES.getLast();
    JChannel channel = ((JGroupsTransport) GlobalComponentRegistry.componentOf(caches(silent), Transport.class))
        .getChannel();
    channel.getProtocolStack().insertProtocol(new DISCARD().discardAll(true), Position.ABOVE, TCP.class);
    String name = Objects.requireNonNull(silent.bean(Environment.class).getProperty("statecraft.node"));
    try {
      token = begin(token).set("cart", "apple").finish();

      assertThat(begin(token).<String>get("cart")).isEqualTo("apple");
      assertThat(caches(NODES.getFirst()).getMembers()).hasSize(2);
    } finally {
      NODES.removeLast();
      silent.close();
      NODES.add(startNode(name));
      awaitMembers(3);
    }
  }

  /** As Infinispan repeats an operation whose members changed after its first attempt had taken effect. */
  @Test
  void repeatedRemovalIsNoError() {
    AdvancedCache<String, Object> sessions = caches(NODES.getFirst())
        .<String, Object>getCache(InfinispanConfiguration.CACHE)
        .getAdvancedCache();
    String token = createSession("user", "ada");
    begin(token).logOut();

    assertThat(sessions.withFlags(Flag.COMMAND_RETRY).remove(token)).isNull();
  }
}
