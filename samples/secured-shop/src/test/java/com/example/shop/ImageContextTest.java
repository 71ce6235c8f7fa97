package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code .dockerignore} leaves what the Dockerfiles copy in the build context, and little else. */
class ImageContextTest {
  private static final Path ROOT = Path.of("../..");
  /** A source in the build context, not in another stage. */
  private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(?<source>\\S+) \\S+$");

  /** The last pattern that matches a path or a directory above it decides, as Docker documents. */
  private static boolean isInContext(String path) throws IOException {
    boolean included = true;
    for (String line : Files.readAllLines(ROOT.resolve(".dockerignore"))) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      boolean includes = line.startsWith("!");
      var matcher = FileSystems.getDefault().getPathMatcher("glob:" + line.substring(includes ? 1 : 0));
      if (Stream.iterate(Path.of(path), p -> p != null, Path::getParent).anyMatch(matcher::matches)) {
        included = includes;
      }
    }
    return included;
  }

  private static List<String> copied(String dockerfile, Map<String, String> arguments) throws IOException {
    Matcher copy = COPY.matcher(Files.readString(ROOT.resolve(dockerfile)));
    return copy.results().map(found -> {
      String source = found.group("source");
      for (Map.Entry<String, String> argument : arguments.entrySet()) {
        source = source.replace("${" + argument.getKey() + "}", argument.getValue());
      }
      return source;
    }).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "gateway, gateway, gateway.jar", "stateful-service, stateful-service, stateful-service.jar",
    "stateless-service, stateless-service, stateless-service.jar",
    "reactive-service, reactive-service, reactive-service.jar", "lab, lab/runner, lab.jar",
    "lab, lab/runner, lib/picocli.jar"})
  void contextHoldsWhatImageOfServiceCopies(String service, String module, String built) throws IOException {
    List<String> copied = copied("Dockerfile", Map.of("SERVICE", service, "MODULE", module));

    assertThat(copied).containsExactlyInAnyOrder(module + "/target/", "docker/jvm.options", "docker/train");
    for (String source : copied) {
      String file = source.endsWith("/") ? source + built : source;
      assertThat(isInContext(file)).as(file).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring-redis", "jdbc", "hazelcast", "infinispan"})
  void contextHoldsWhatImageOfPeerCopies(String peer) throws IOException {
    assertThat(copied("docker/peer.Dockerfile", Map.of("PEER", peer)))
        .singleElement()
        .satisfies(source -> assertThat(isInContext(source + "peer.jar")).as(source).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    ".git/config", "pom.xml", "gateway/src/main/resources/application.yaml", "gateway/target/classes/A.class",
    "gateway/target/gateway.jar.original", "stateful-service/target/test-classes/A.class", "lab/runner/target/a.log",
    "session-peers/jdbc/pom.xml", "session-peers/jdbc/src/main/A.java", "session-peers/jdbc/target/classes/A.class",
    "session-store/target/session-store.jar", "samples/secured-shop/target/secured-shop.jar"})
  void contextHoldsNoOtherFile(String file) throws IOException {
    assertThat(isInContext(file)).isFalse();
  }
}
