package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.consensus.GroupSettings.StartMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ReplicatedPropertiesTest {
  private static final String THREE = "a=127.0.0.1:1,b=127.0.0.1:2,c=localhost:65535";

  private static ReplicatedProperties bind(String members, String key, String value) {
    Map<String, String> given = Map.of("members", members, "directory", "/somewhere", key, value);
    Map<String, String> named = given
        .entrySet()
        .stream()
        .collect(
            java.util.stream.Collectors
                .toMap(entry -> "statecraft.session.replicated." + entry.getKey(), Map.Entry::getValue));
    try {
      return new Binder(new MapConfigurationPropertySource(named))
          .bind("statecraft.session.replicated", ReplicatedProperties.class)
          .get();
    } catch (org.springframework.boot.context.properties.bind.BindException e) {
      Throwable cause = e;
      while (!(cause instanceof InvalidSettingException) && cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw cause instanceof InvalidSettingException invalid ? invalid : e;
    }
  }

  @Test
  void hasDefaults() {
    ReplicatedProperties properties = bind(THREE, "reads", "linearizable");
    assertThat(properties.reads()).isEqualTo(Reads.LINEARIZABLE);
    assertThat(bind(THREE, "deadline", "1s").reads()).isEqualTo(Reads.SESSION);
    assertThat(properties.deadline()).isEqualTo(Duration.ofSeconds(2));
    GroupSettings settings = properties.settingsOf("b");
    assertThat(settings.members()).containsOnlyKeys("a", "b", "c");
    assertThat(settings.address().getPort()).isEqualTo(2);
    assertThat(settings.startMode()).isEqualTo(StartMode.MAY_FOUND);
    assertThat(bind(THREE, "found", "false").settingsOf("b").startMode()).isEqualTo(StartMode.MAY_NOT_FOUND);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      a=h:1,b=h:2     | deadline | 2s    | an odd number
      a=h:1,b=h:2     | joins    | false | joins=true
      a=h:1           | joins    | true  | this node and all members
      b=h:1,c=h:2     | joins    | true  | statecraft.node
      a               | deadline | 2s    | name=host:port
      a=h             | deadline | 2s    | name=host:port
      =h:1            | deadline | 2s    | name=host:port
      a=:1            | deadline | 2s    | name=host:port
      a=h:0           | deadline | 2s    | name=host:port
      a=h:65536       | deadline | 2s    | name=host:port
      a=h:x           | deadline | 2s    | name=host:port
      a=h:1,a=h:2,b=h:3 | deadline | 2s  | each name once
      b=h:1           | deadline | 2s    | statecraft.node
      b=h:1           | address  | h     | host:port
      b=h:1           | address  | h:0   | host:port
      b=h:1           | address  | :1    | host:port
      a=h:1           | deadline | 1ms   | 100ms to 1m
      a=h:1           | deadline | 1h    | 100ms to 1m
      a=h:1           | log-size | 1KB   | 64KB to 1GB
      a=h:1           | log-size | 2GB   | 64KB to 1GB
      """)
  void rejectsInvalidSettings(String members, String key, String value, String wanted) {
    assertThatThrownBy(() -> bind(members, key, value).settingsOf("a"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(wanted);
  }

  @Test
  void joiningNodeMayListAnyNumberOfMembers() {
    for (String members : List.of("a=h:1,b=h:2", THREE, THREE + ",d=h:4")) {
      assertThat(bind(members, "joins", "true").settingsOf("a").startMode()).isEqualTo(StartMode.JOINS);
    }
  }

  @Test
  void unlistedNodeJoinsWithItsOwnAddress() {
    GroupSettings comes = bind(THREE, "address", "localhost:4").settingsOf("d");
    assertThat(comes.startMode()).isEqualTo(StartMode.JOINS);
    assertThat(comes.members()).containsOnlyKeys("a", "b", "c", "d");
    assertThat(comes.address().getPort()).isEqualTo(4);
    ReplicatedProperties joins = new ReplicatedProperties(
        List.of("a=h:1", "b=h:2"), Path.of("x"), Reads.SESSION, Duration.ofSeconds(2), false,
        DataSize.ofMegabytes(1), true, true, "localhost:4", false);
    assertThat(joins.settingsOf("d").address().getPort()).isEqualTo(4);
    GroupSettings founder = bind(THREE, "address", "localhost:4").settingsOf("b");
    assertThat(founder.startMode()).isEqualTo(StartMode.MAY_FOUND);
    assertThat(founder.address().getPort()).isEqualTo(2);
  }

  @Test
  void onlyUnlistedNodeLeavesOnClose() {
    assertThat(bind(THREE, "leaves", "true").settingsOf("a").leaveOnClose()).isFalse();
    assertThat(bind("a=h:1,b=h:2", "joins", "true").settingsOf("a").leaveOnClose()).isFalse();
    ReplicatedProperties all = new ReplicatedProperties(
        List.of("a=h:1"), Path.of("x"), Reads.SESSION, Duration.ofSeconds(2), false, DataSize.ofMegabytes(1), true,
        false,
        "h:2", true);
    assertThat(all.settingsOf("b").leaveOnClose()).isTrue();
    assertThat(all.settingsOf("a").leaveOnClose()).isFalse();
  }

  @Test
  void requiresMembersAndDirectory() {
    assertThatThrownBy(() -> bind("", "deadline", "2s")).hasMessageContaining("is missing");
    ReplicatedProperties nowhere = new ReplicatedProperties(
        List.of("a=h:1"),
        null,
        Reads.SESSION,
        Duration.ofSeconds(2),
        false,
        DataSize.ofMegabytes(1),
        true,
        false,
        null,
        false);
    assertThatThrownBy(() -> nowhere.settingsOf("a")).hasMessageContaining("directory");
    assertThat(
        new ReplicatedProperties(
            List.of("a=h:1"),
            Path.of("x"),
            Reads.SESSION,
            Duration.ofSeconds(2),
            false,
            DataSize.ofMegabytes(1),
            true,
            false,
            null,
            false).settingsOf("a").directory())
        .isEqualTo(Path.of("x"));
  }
}
