package com.example.disk;

import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.ContextNode;
import dev.statecraft.session.contract.RealTimeCluster;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that share a directory. */
class DiskContractTest extends SessionContract {
  private static final List<ContextNode> NODES = new ArrayList<>();

  @TempDir
  private static Path directory;

  @BeforeAll
  static void startNodes() {
    NODES.add(startNode());
    NODES.add(startNode());
  }

  private static ContextNode startNode() {
    return new ContextNode("statecraft.session.strategy=disk", "disk.directory=" + directory);
  }

  @AfterAll
  static void stopNodes() {
    NODES.forEach(ContextNode::close);
  }

  @Override
  protected SessionStrategy strategy() {
    return new DiskStrategy();
  }

  @Override
  protected TestCluster start() {
    return new RealTimeCluster(NODES, () -> new SessionFiles(directory).ids(), index -> {
      NODES.remove(index).close();
      NODES.add(startNode());
    });
  }
}
