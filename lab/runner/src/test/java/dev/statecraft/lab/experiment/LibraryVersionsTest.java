package dev.statecraft.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.report.Software;
import java.util.List;
import org.junit.jupiter.api.Test;

class LibraryVersionsTest {
  @Test
  void readsVersionsOfKnownLibrariesOnce() {
    assertThat(LibraryVersions.of(List.of("spring-boot-4.1.0.jar", "spring-boot-autoconfigure-4.1.0.jar",
        "netty-codec-http-4.2.15.Final.jar", "spring-boot-4.1.0.jar", "jgroups-raft-1.1.4.Final.jar",
        "jgroups-5.4.8.Final.jar", "stateful-service-0.1.0-SNAPSHOT.jar", "notes.txt")))
        .containsExactly(new Software("Spring Boot", "4.1.0"), new Software("Netty", "4.2.15.Final"),
            new Software("jgroups-raft", "1.1.4.Final"), new Software("JGroups", "5.4.8.Final"));
  }

  @Test
  void showsBothVersionsOfOneLibrary() {
    assertThat(LibraryVersions.of(List.of("lettuce-core-6.8.1.RELEASE.jar", "lettuce-core-7.0.0.RELEASE.jar")))
        .extracting(Software::toString).containsExactly("Lettuce 6.8.1.RELEASE", "Lettuce 7.0.0.RELEASE");
  }
}
