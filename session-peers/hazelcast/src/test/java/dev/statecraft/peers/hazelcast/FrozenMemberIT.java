package dev.statecraft.peers.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.contract.ContextNode;
import dev.statecraft.session.contract.LoopbackMembers;
import dev.statecraft.session.contract.TestRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One of three members stops as a paused virtual machine does: its connections stay open, and nobody answers. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class FrozenMemberIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  /** So many that the frozen member owns some of them. */
  private static final int SESSIONS = 40;

  private final LoopbackMembers members = new LoopbackMembers(3);

  private String[] properties(int member) {
    return new String[]{
      "statecraft.node=" + members.names().get(member),
      "statecraft.session.strategy=hazelcast",
      "statecraft.session.hazelcast.cluster-name=frozen-member",
      "statecraft.session.hazelcast.deadline=2s",
      "statecraft.session.hazelcast.members=" + members.list()};
  }

  private static void awaitMembers(ContextNode node, int count) {
    HazelcastInstance instance = node.bean(HazelcastInstance.class);
    await().atMost(TIMEOUT).until(
        () -> instance.getCluster().getMembers().size() == count && instance.getPartitionService().isClusterSafe());
  }

  @Test
  void sessionsAreServedAfterFrozenMemberIsExcluded(@TempDir Path directory) throws Exception {
    try (MemberProcess frozen = MemberProcess.start(directory.resolve("member.log"), properties(2));
        ContextNode first = new ContextNode(properties(0));
        ContextNode second = new ContextNode(properties(1))) {
      awaitMembers(first, 3);
      List<String> tokens = Stream.generate(() -> open(first)).limit(SESSIONS).toList();

      frozen.freeze();

      tokens.forEach(token -> await().atMost(TIMEOUT).ignoreException(SessionStoreException.class)
          .untilAsserted(() -> begin(first, token).set("cart", "apple").finish()));
      assertThat(tokens).allSatisfy(token -> {
        assertThat(begin(second, token).<String>get("user")).isEqualTo("ada");
        assertThat(begin(second, token).<String>get("cart")).isEqualTo("apple");
      });
      awaitMembers(first, 2);
      assertThat(frozen.isAlive()).as("it was excluded, not ended").isTrue();
    }
  }

  private static String open(ContextNode node) {
    return TestRequest.open(node.repository(), Instant.now()).set("user", "ada").finish();
  }

  private static TestRequest<?> begin(ContextNode node, String token) {
    return Objects.requireNonNull(TestRequest.begin(node.repository(), token, Instant.now()), "the session is lost");
  }
}
