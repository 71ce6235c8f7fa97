package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.local.launch.LaunchProvider;
import dev.statecraft.lab.environment.local.process.Launch;
import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.ProcessGroup;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nodes of a cluster are told. No process is started. */
class ClusterAssemblyTest {
  private static final LaunchProvider NO_LAUNCH = (_, _, _) -> new Launch(List.of(), Path.of("service.jar"));

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path logs;

  @FunctionalInterface
  private interface Check {
    void on(ClusterAssembly assembly, ProcessGroup processes) throws Exception;
  }

  private void assemble(String strategy, int nodes, Check check) throws Exception {
    ClusterPlan plan = new ClusterPlan(
        List.of(SessionStrategies.of(strategy)), nodes, null, null, null, Set.of(LocalTrait.SCALABLE), false, logs);
    try (ProcessGroup processes = new ProcessGroup()) {
      check.on(new ClusterAssembly(plan, Path.of("java"), NO_LAUNCH, processes), processes);
    }
  }

  private static Properties properties(ProcessGroup processes, String node) throws Exception {
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(processes.work().path().resolve(node).resolve("node.properties"))) {
      properties.load(file);
    }
    return properties;
  }

  private static String addresses(List<Node> nodes, String separator) {
    return nodes.stream().map(node -> node.name() + separator + node.address() + ":" + node.port())
        .collect(Collectors.joining(","));
  }

  @Test
  void affinityNodesKnowAllPeersAndTheSpareOne() throws Exception {
    assemble("affinity", 2, (assembly, processes) -> {
      Node spare = assembly.spare(SessionStrategies.of("affinity")).orElseThrow();
      List<Node> nodes = assembly.routes().getOrDefault("affinity", List.of());
      assertThat(properties(processes, "affinity-1")).containsEntry("statecraft.session.affinity.peers",
          addresses(List.of(nodes.getFirst(), nodes.getLast(), spare), "=http://"));
      assertThat(properties(processes, "gateway"))
          .containsEntry("statecraft.gateway.routes.affinity.affinity", "login-cookie");
    });
  }

  @Test
  void spareRaftMemberJoinsTheOthers() throws Exception {
    assemble("replicated", 3, (_, processes) -> {
      String founders = properties(processes, "replicated-1").getProperty("statecraft.session.replicated.members");
      assertThat(founders.split(",")).hasSize(3);
      assertThat(properties(processes, "replicated-1"))
          .containsEntry("statecraft.session.replicated.reads", "session")
          .containsEntry("statecraft.session.replicated.directory",
              processes.work().path().resolve("replicated-1-disk").toString())
          .doesNotContainKey("statecraft.session.replicated.joins");
      assertThat(properties(processes, "replicated-4"))
          .containsEntry("statecraft.session.replicated.joins", "true")
          .hasEntrySatisfying("statecraft.session.replicated.members",
              members -> assertThat((String) members).startsWith(founders + ",replicated-4=127.0.0.1:"));
    });
  }

  @Test
  void gridMembersIncludeTheSpareNode() throws Exception {
    assemble("infinispan", 2, (_, processes) -> {
      String members = properties(processes, "infinispan-1").getProperty("statecraft.session.infinispan.members");
      assertThat(members.split(",")).hasSize(3);
      assertThat(properties(processes, "infinispan-3"))
          .containsEntry("statecraft.session.infinispan.members", members);
    });
  }

  @Test
  void redisNodesFindTheServer() throws Exception {
    assemble("spring-redis", 1, (assembly, processes) -> assertThat(properties(processes, "spring-redis-1"))
        .containsEntry("spring.data.redis.port", Integer.toString(assembly.redis().orElseThrow().first().port()))
        .containsEntry("spring.data.redis.timeout", "1s"));
  }

  @Test
  void strategyOfThirdPartyConfiguresItsNodesAndItsServer() throws Exception {
    assemble("notes", 2, (assembly, processes) -> {
      Node server = assembly.stores().iterator().next().node();
      assertThat(server.name()).isEqualTo("notes-server");
      assertThat(assembly.redis()).isEmpty();
      assertThat(properties(processes, "notes-2"))
          .containsEntry("statecraft.session.strategy", "notes")
          .containsEntry("notes.server", "127.0.0.1:" + server.port())
          .hasEntrySatisfying("notes.members", members -> assertThat((String) members).matches(
              "notes-1=127.0.0.1:\\d+,notes-2=127.0.0.1:\\d+"));
      assertThat(properties(processes, "gateway"))
          .containsEntry("statecraft.gateway.routes.notes.affinity", "login-cookie");
    });
  }
}
