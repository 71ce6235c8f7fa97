package dev.statecraft.peers.hazelcast;

import dev.statecraft.session.contract.ContextNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A member in a process of its own, which can be stopped as the kernel stops one. */
final class MemberProcess implements AutoCloseable {
  private final Process process;

  private MemberProcess(Process process) {
    this.process = process;
  }

  /** Runs until its standard input ends, so it does not survive the test. */
  static void main(String[] properties) throws IOException {
    try (ContextNode _ = new ContextNode(properties)) {
      var _ = System.in.read();
    }
    System.exit(0);
  }

  static MemberProcess start(Path log, String... properties) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), MemberProcess.class.getName());
    builder.command().addAll(List.of(properties));
    return new MemberProcess(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Neither answers nor closes its connections from now on. */
  void freeze() throws IOException, InterruptedException {
    int result = new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).inheritIO().start().waitFor();
    if (result != 0) {
      throw new IOException("kill -STOP failed with " + result);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
