package dev.statecraft.lab.environment.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.environment.local.process.Node;
import dev.statecraft.lab.environment.local.process.Processes;
import dev.statecraft.lab.environment.local.process.PropertiesFile;
import dev.statecraft.lab.strategy.SessionStrategies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodePropertiesTest {
  private final NodeProperties properties = new NodeProperties(new SecureRandom());

  @Test
  void nodesShareTheSigningKey() {
    Map<String, String> first = properties.stateful("cookie-1", 4001, SessionStrategies.of("cookie"));
    Map<String, String> second = properties.stateful("cookie-2", 4002, SessionStrategies.of("cookie"));

    assertThat(first.get("statecraft.session.keys.lab")).isNotBlank()
        .isEqualTo(second.get("statecraft.session.keys.lab"));
    assertThat(first).containsEntry("statecraft.session.strategy", "cookie").containsEntry("server.port", "4001");
  }

  @Test
  void gatewayUsesAffinityForOneStrategyOnly() {
    Node node = new Node("x-1", 4001, List.of(), Path.of(""), Path.of(""), new Processes());

    Map<String, String> gateway = properties.gateway("gateway", 4000,
        Map.of("affinity", List.of(node), "redis", List.of(node)), Set.of("affinity"), Map.of());

    assertThat(gateway).containsEntry("statecraft.gateway.routes.affinity.affinity", "login-cookie")
        .containsEntry("statecraft.gateway.routes.redis.affinity", "none")
        .containsEntry("statecraft.gateway.routes.redis.prefix", "/redis")
        .containsEntry("statecraft.gateway.routes.redis.nodes.x-1", "http://127.0.0.1:4001");
  }

  @Test
  void gatewayReadsChangingNodesFromAFile(@TempDir Path directory) throws Exception {
    Node first = new Node("x-1", 4001, List.of(), Path.of(""), Path.of(""), new Processes());
    Node second = new Node("x-2", 4002, List.of(), Path.of(""), Path.of(""), new Processes());
    NodesFile file = new NodesFile(directory.resolve("x.nodes"), List.of(first));

    assertThat(properties.gateway("gateway", 4000, Map.of("cookie", List.of(first)), Set.of(),
        Map.of("cookie", file)))
        .containsEntry("statecraft.gateway.routes.cookie.nodes-file", file.path().toString())
        .doesNotContainKey("statecraft.gateway.routes.cookie.nodes.x-1");
    file.add(second);
    assertThat(file.path()).hasContent("x-1=http://127.0.0.1:4001\nx-2=http://127.0.0.1:4002\n");
    file.remove(first);
    assertThat(file.path()).hasContent("x-2=http://127.0.0.1:4002\n");
  }

  @Test
  void sessionlessServicesCallEachOtherThroughTheGateway() {
    Map<String, String> stateless = properties.sessionless("stateless-1", 4001, "http://127.0.0.1:4000");
    Map<String, String> reactive = properties.sessionless("reactive-1", 4002, "http://127.0.0.1:4000");

    assertThat(stateless).containsEntry("statecraft.fanout.targets",
        "http://127.0.0.1:4000/stateless/work?wait=100,http://127.0.0.1:4000/reactive/work?wait=100,"
            + "http://127.0.0.1:4000/stateless/work?wait=100");
    assertThat(stateless).containsEntry("statecraft.relay.peers.reactive", "http://127.0.0.1:4000/reactive/relay");
    assertThat(stateless.get("statecraft.relay.keys.lab")).isNotBlank()
        .isEqualTo(reactive.get("statecraft.relay.keys.lab"));
  }

  @Test
  void onlyTheOwnerCanReadTheProperties(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("node.properties");
    PropertiesFile.write(file, Map.of("statecraft.session.keys.lab", "a=b:c\\d"));

    Properties read = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      read.load(reader);
    }
    assertThat(read).containsEntry("statecraft.session.keys.lab", "a=b:c\\d");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
  }
}
