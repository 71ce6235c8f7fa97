package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.shop.Store.Backend;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The stateful service, built without peers, runs a peer that is added to its class path. The benchmark shows it for
 * {@code spring-redis}, the lab for {@code jdbc}.
 */
class PeerImageIT {
  private static final Path JAR = Path.of("../../stateful-service/target/stateful-service.jar");
  private static final String LIBRARIES = "BOOT-INF/lib/";
  private static final Pattern PEER_LIBRARY = Pattern.compile(
      "/(session-peer|spring-session-data|spring-session-jdbc|hazelcast|infinispan|postgresql|HikariCP)");

  @TempDir
  private Path directory;

  @Test
  void serviceHoldsNoPeer() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.startsWith(LIBRARIES)))
          .anyMatch(name -> name.contains("/session-store-"))
          .noneMatch(name -> PEER_LIBRARY.matcher(name).find());
    }
  }

  /** So that the pattern of {@code serviceHoldsNoPeer} is known to find them. */
  @ParameterizedTest
  @EnumSource(names = {"SPRING_REDIS", "JDBC", "HAZELCAST", "INFINISPAN"})
  void peerHoldsItsLibraries(Store store) throws IOException {
    try (Stream<Path> files = Files.list(store.libraries().getFirst())) {
      assertThat(files.map(file -> "/" + file.getFileName()).filter(name -> PEER_LIBRARY.matcher(name).find()))
          .hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HAZELCAST", "INFINISPAN"})
  void serviceRunsPeer(Store store) throws Exception {
    try (Backend backend = store.start(directory)) {
      Map<String, String> properties = new HashMap<>(backend.propertiesOf(store, 1));
      try (Replica node = Replica.ofExecutableJar(JAR, store.libraries(), properties, directory.resolve("node.log"))) {
        URI address = node.awaitReady("/actuator/health/readiness").address();
        HttpClient http = HttpClient.newHttpClient();
        var login = http.send(
            HttpRequest
                .newBuilder(address.resolve("/session"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"ada\"}"))
                .build(),
            BodyHandlers.ofString());
        assertThat(login.statusCode()).as(login.body()).isEqualTo(201);
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        var cart = http.send(
            HttpRequest.newBuilder(address.resolve("/cart")).header("Cookie", cookie).build(),
            BodyHandlers.ofString());
        assertThat(cart.body()).contains("\"items\":[]");
        var status = http.send(
            HttpRequest.newBuilder(address.resolve("/actuator/sessionstore")).build(), BodyHandlers.ofString());
        assertThat(status.body())
            .contains("\"strategy\":\"" + store.strategy() + "\"", "\"sessions\":1", "STORES_ONLY_ALLOWED_TYPES");
      }
    }
  }
}
