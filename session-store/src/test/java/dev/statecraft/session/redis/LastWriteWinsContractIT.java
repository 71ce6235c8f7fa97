package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.contract.RollingUpgrade;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.TestCluster;
import dev.statecraft.session.contract.TypeVersions;
import dev.statecraft.session.contract.TestRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.session.events.SessionCreatedEvent;
import org.springframework.session.events.SessionExpiredEvent;

/** {@code writes=last-write-wins}, with the Redis binary of embedded-redis. */
class LastWriteWinsContractIT extends SessionContract {
  private static EmbeddedRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = new EmbeddedRedis();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @AfterEach
  void everyKeyExpires() {
    RedisExpiryKeys.assertEveryKeyExpires(redis.port());
  }

  @Override
  protected SessionStrategy strategy() {
    return new RedisStrategy();
  }

  @Override
  protected TestCluster start() {
    return new RedisTestCluster(redis.port(), codec(), WriteMode.LAST_WRITE_WINS);
  }

  private void onRedis(Consumer<RedisConnection> commands) {
    try (RedisConnection connection = ((RedisTestCluster) cluster()).connection(0).getConnection()) {
      commands.accept(connection);
    }
  }

  private static byte[] key(String id) {
    return RedisTestCluster.key(id);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void storesAttributesAsJson() {
    String token = createSession("note", new Note("n", List.of("l")));

    onRedis(connection -> {
      Map<byte[], byte[]> hash = Objects.requireNonNull(connection.hashCommands().hGetAll(key(token)));
      assertThat(hash.values().stream().map(value -> new String(value, StandardCharsets.UTF_8)))
          .contains("{\"@class\":\"" + Note.class.getName() + "\",\"title\":\"n\",\"lines\":[\"l\"]}");
    });
  }

  @Test
  void rejectsStoredTypeThatIsNotAllowed() {
    String token = createSession("user", "ada");
    onRedis(
        connection -> connection
            .hashCommands()
            .hSet(key(token), bytes("sessionAttr:evil"), bytes("{\"@class\":\"java.lang.ProcessBuilder\"}")));

    assertThat(tryBegin(0, token)).isNull();
  }

  @Test
  void rejectsSerializedJavaObject() {
    String token = createSession("user", "ada");
    byte[] stream = {(byte) 0xac, (byte) 0xed, 0, 5, 't', 0, 1, 'x'};
    onRedis(connection -> connection.hashCommands().hSet(key(token), bytes("sessionAttr:evil"), stream));

    assertThat(tryBegin(0, token)).isNull();
  }

  @Test
  void deletesIncompleteSession() {
    String token = createSession("user", "ada");
    onRedis(
        connection -> connection.hashCommands().hDel(key(token), bytes("creationTime"), bytes("maxInactiveInterval")));

    assertThat(tryBegin(0, token)).isNull();
    onRedis(connection -> assertThat(connection.keyCommands().exists(key(token))).isFalse());
  }

  @Test
  void keyExpiresWithSession() {
    String token = createSession("user", "ada");
    onRedis(
        connection -> assertThat(connection.keyCommands().ttl(key(token)))
            .isBetween(TIMEOUT.minusSeconds(30).toSeconds(), TIMEOUT.plus(SessionHash.GRACE).toSeconds()));
  }

  @Test
  void readStoresLastAccessOnlyAfterPersistInterval() {
    String token = createSession("user", "ada");
    long atLogin = storedLastAccess(token);
    cluster().pass(Duration.ofSeconds(29));
    begin(token).finish();
    assertThat(storedLastAccess(token)).isEqualTo(atLogin);

    cluster().pass(Duration.ofSeconds(1));
    begin(token).finish();
    assertThat(storedLastAccess(token)).isEqualTo(cluster().now().toEpochMilli());
  }

  @Test
  void reportsExpiredSessionOnce() {
    TestRequest<?> login = open().set("user", "ada");
    login.session().setMaxInactiveInterval(Duration.ofSeconds(1));
    login.finish();
    assertThat(cluster().events().count(SessionCreatedEvent.class, "user", "ada")).isEqualTo(1);

    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
      cluster().removeExpired();
      return cluster().events().count(SessionExpiredEvent.class, "user", "ada") > 0;
    });
    cluster().removeExpired();
    assertThat(cluster().events().count(SessionExpiredEvent.class, "user", "ada")).isEqualTo(1);
  }

  private long storedLastAccess(String token) {
    long[] found = new long[1];
    onRedis(connection -> {
      byte[] number = Objects.requireNonNull(connection.hashCommands().hGet(key(token), bytes("lastAccessedTime")));
      found[0] = Long.parseLong(new String(number, StandardCharsets.US_ASCII));
    });
    return found[0];
  }

  @Test
  void rollingUpgradeLosesNoFieldAndNoSession(@TempDir Path directory) {
    TypeVersions types = new TypeVersions(directory);
    try (RedisTestCluster oldNodes = new RedisTestCluster(redis.port(), types.oldCodec(), WriteMode.LAST_WRITE_WINS);
        RedisTestCluster newNodes = new RedisTestCluster(redis.port(), types.newCodec(), WriteMode.LAST_WRITE_WINS)) {
      RollingUpgrade upgrade = new RollingUpgrade(types, oldNodes.node(0), newNodes.node(0), oldNodes.now());
      upgrade.alternatingWritersLoseNothing();
      upgrade.overwritingWritersKeepFields();
    }
  }
}
