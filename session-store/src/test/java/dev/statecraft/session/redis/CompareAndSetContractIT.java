package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.contract.RollingUpgrade;
import dev.statecraft.session.contract.SessionContract;
import dev.statecraft.session.contract.TestCluster;
import dev.statecraft.session.contract.TestRequest;
import dev.statecraft.session.contract.TypeVersions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisConnection;

/** {@code writes=compare-and-set}, with the Redis binary of embedded-redis. */
class CompareAndSetContractIT extends SessionContract {
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
  protected Guarantee guarantee() {
    return ((RedisTestCluster) cluster()).status(0).guarantee().orElseThrow();
  }

  @Override
  protected TestCluster start() {
    return new RedisTestCluster(redis.port(), codec(), WriteMode.COMPARE_AND_SET);
  }

  @BeforeEach
  void emptyRedis() {
    onRedis(connection -> {
      connection.serverCommands().flushDb();
      return null;
    });
  }

  @Test
  void conflictingRequestIsRejectedAndCanRetry() {
    String token = createSession("cart", "");
    TestRequest<?> loser = begin(token).set("cart", "pear");
    Objects.requireNonNull(tryBegin(1, token)).set("cart", "apple").finish();

    assertThat(rejection(loser).reason()).isEqualTo(Reason.CONFLICT);
    begin(token).set("cart", begin(token).<String>get("cart") + ",pear").finish();
    assertThat(begin(token).<String>get("cart")).isEqualTo("apple,pear");
  }

  @Test
  void removedAttributeConflicts() {
    String token = createSession("cart", "apple");
    TestRequest<?> late = begin(token).set("cart", "pear");
    begin(token).remove("cart").finish();

    assertThat(rejection(late).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(begin(token).<String>get("cart")).isNull();
  }

  @Test
  void attributeRemovedAndSetAgainConflicts() {
    String token = createSession("cart", "apple");
    TestRequest<?> late = begin(token).set("cart", "pear");
    begin(token).remove("cart").finish();
    begin(token).set("cart", "apple").finish();

    assertThat(rejection(late).reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void concurrentlyAddedAttributesConflict() {
    String token = createSession("user", "ada");
    TestRequest<?> late = begin(token).set("cart", "pear");
    begin(token).set("cart", "apple").finish();

    assertThat(rejection(late).reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void rejectedSaveChangesNoAttribute() {
    String token = createSession("cart", "");
    TestRequest<?> late = begin(token).set("cart", "pear").set("other", "x");
    begin(token).set("cart", "apple").finish();

    rejection(late);
    assertThat(begin(token).session().getAttributeNames()).containsExactly("cart");
  }

  @Test
  void oneRequestCanSaveAnAttributeRepeatedly() {
    String token = createSession("count", 1);
    TestRequest<?> request = begin(token);
    for (int count = 2; count <= 5; count++) {
      request.set("count", count).finish();
    }

    assertThat(begin(token).<Integer>get("count")).isEqualTo(5);
  }

  @Test
  void rejectsWriteUnderRotatedId() {
    String before = createSession("cart", "");
    TestRequest<?> late = begin(before).set("cart", "pear");
    TestRequest<?> rotation = begin(before);
    rotation.session().changeSessionId();
    String after = rotation.finish();

    assertThat(rejection(late).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(tryBegin(0, before)).isNull();
    assertThat(begin(after).<String>get("cart")).isEmpty();
  }

  @Test
  void concurrentRotationsLeaveOneId() {
    String before = createSession("cart", "apple");
    TestRequest<?> first = begin(before);
    TestRequest<?> second = begin(before);
    first.session().changeSessionId();
    second.session().changeSessionId();
    String after = first.finish();

    assertThat(rejection(second).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(begin(after).<String>get("cart")).isEqualTo("apple");
    assertThat(sessions()).isEqualTo(1);
  }

  @Test
  void lastAccessAfterLogoutStoresNothing() {
    String token = createSession("cart", "apple");
    TestRequest<?> late = begin(token);
    late.session().setLastAccessedTime(cluster().now().plus(TIMEOUT.dividedBy(2)));
    begin(token).logOut();

    late.finish();

    assertThat(sessions()).isZero();
  }

  @Test
  void eachWriteIsOneScript() {
    String token = createSession("cart", "");
    TestRequest<?> request = begin(token).set("cart", "apple").set("user", "ada");
    long before = scripts();
    request.finish();
    assertThat(scripts() - before).isEqualTo(1);
  }

  @Test
  void readsSessionsOfLastWriteWins() {
    try (RedisTestCluster plain = new RedisTestCluster(redis.port(), codec(), WriteMode.LAST_WRITE_WINS)) {
      String token = TestRequest.open(plain.node(0), plain.now()).set("cart", "apple").finish();
      assertThat(begin(token).<String>get("cart")).isEqualTo("apple");
      begin(token).set("cart", "pear").finish();

      assertThat(Objects.requireNonNull(TestRequest.begin(plain.node(1), token, plain.now())).<String>get("cart"))
          .isEqualTo("pear");
    }
  }

  @Test
  void keyExpiresWithSession() {
    String token = createSession("user", "ada");
    byte[] key = RedisTestCluster.key(token);
    Long seconds = onRedis(connection -> connection.keyCommands().ttl(key));
    assertThat(seconds).isBetween(TIMEOUT.minus(Duration.ofSeconds(30)).toSeconds(),
        TIMEOUT.plus(SessionHash.GRACE).toSeconds());
  }

  @Test
  void rejectsStoredTypeThatIsNotAllowed() {
    String token = createSession("user", "ada");
    byte[] key = RedisTestCluster.key(token);
    for (String evil : List.of("{\"@class\":\"java.lang.ProcessBuilder\"}", "\u00ac\u00ed\u0000\u0005t")) {
      onRedis(
          connection -> connection.hashCommands().hSet(
              key, "sessionAttr:evil".getBytes(StandardCharsets.UTF_8), evil.getBytes(StandardCharsets.ISO_8859_1)));
      assertThat(tryBegin(0, token)).isNull();
    }
  }

  private static SessionStoreException rejection(TestRequest<?> request) {
    return Objects.requireNonNull(catchThrowableOfType(SessionStoreException.class, request::finish));
  }

  private long sessions() {
    return ((RedisTestCluster) cluster()).node(0).indexes().size();
  }

  private long scripts() {
    Properties stats = Objects.requireNonNull(onRedis(connection -> connection.serverCommands().info("commandstats")));
    return Long.parseLong(stats.getProperty("cmdstat_evalsha").replaceAll("calls=(\\d+),.*", "$1"));
  }

  private <T> @Nullable T onRedis(Function<RedisConnection, @Nullable T> command) {
    try (RedisConnection connection = ((RedisTestCluster) cluster()).connection(1).getConnection()) {
      return command.apply(connection);
    }
  }

  @Test
  void rollingUpgradeLosesNoFieldAndNoSession(@TempDir Path directory) {
    TypeVersions types = new TypeVersions(directory);
    try (RedisTestCluster oldNodes = new RedisTestCluster(redis.port(), types.oldCodec(), WriteMode.COMPARE_AND_SET);
        RedisTestCluster newNodes = new RedisTestCluster(redis.port(), types.newCodec(), WriteMode.COMPARE_AND_SET)) {
      new RollingUpgrade(types, oldNodes.node(0), newNodes.node(0), oldNodes.now()).concurrentWritersLoseNothing();
    }
  }
}
