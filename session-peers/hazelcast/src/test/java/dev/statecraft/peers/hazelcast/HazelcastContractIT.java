package dev.statecraft.peers.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spring.session.HazelcastIndexedSessionRepository;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.ContextNode;
import dev.statecraft.session.contract.LoopbackMembers;
import dev.statecraft.session.contract.RealTimeCluster;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three members in one process, connected over loopback. */
class HazelcastContractIT extends SessionContract {
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
        "statecraft.session.strategy=hazelcast",
        "statecraft.session.hazelcast.members=" + MEMBERS.list());
  }

  private static void awaitMembers(int members) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> NODES
                .stream()
                .allMatch(node -> instance(node).getCluster().getMembers().size() == members
                    && instance(node).getPartitionService().isClusterSafe()));
  }

  private static HazelcastInstance instance(ContextNode node) {
    return node.bean(HazelcastInstance.class);
  }

  @AfterAll
  static void stopNodes() {
    NODES.forEach(node -> instance(node).getLifecycleService().terminate());
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
        () -> instance(NODES.getFirst())
            .<String, Object>getMap(HazelcastIndexedSessionRepository.DEFAULT_SESSION_MAP_NAME)
            .keySet(),
        index -> {
          ContextNode killed = NODES.remove(index);
          instance(killed).getLifecycleService().terminate();
          killed.close();
          NODES.add(startNode(MEMBERS.names().get(3)));
          awaitMembers(3);
        });
  }

  @Test
  void listensAtItsMemberAddress() {
    NODES.forEach(
        node -> assertThat(MEMBERS.list()).contains(
            "127.0.0.1:" + instance(node).getCluster().getLocalMember().getAddress().getPort()));
  }

  @Test
  void excludesSilentMemberAfterFailureTimeout() {
    assertThat(instance(NODES.getFirst()).getConfig().getProperty("hazelcast.max.no.heartbeat.seconds")).isEqualTo("5");
  }
}
