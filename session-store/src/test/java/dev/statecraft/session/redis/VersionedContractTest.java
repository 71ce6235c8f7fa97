package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionContract;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.TestCluster;
import dev.statecraft.session.TestRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnection;

/** {@code writes=compare-and-set}, on the Redis server that embedded-redis brings as a binary. */
class VersionedContractTest extends SessionContract {
  private static EmbeddedRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = new EmbeddedRedis();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @Override
  protected SessionStrategy strategy() {
    return SessionStrategy.REDIS;
  }

  @Override
  protected Guarantee guarantee() {
    return ((RedisSessions<?>) cluster().node(0)).guarantee().orElseThrow();
  }

  @Override
  protected TestCluster start() {
    return new RedisTestCluster("127.0.0.1", redis.port(), codec(), Writes.COMPARE_AND_SET);
  }

  @BeforeEach
  void emptyRedis() {
    onRedis(connection -> {
      connection.serverCommands().flushDb();
      return null;
    });
  }

  @Test
  void loserOfARaceIsToldAndMayTryAgain() {
    String token = opened("cart", "");
    TestRequest<?> loser = begin(token).set("cart", "pear");
    Objects.requireNonNull(tryBegin(1, token)).set("cart", "apple").answer();

    assertThat(refusal(loser).reason()).isEqualTo(Reason.CONFLICT);
    begin(token).set("cart", begin(token).<String>get("cart") + ",pear").answer();
    assertThat(begin(token).<String>get("cart")).isEqualTo("apple,pear");
  }

  @Test
  void attributeThatAnotherRequestRemovedConflicts() {
    String token = opened("cart", "apple");
    TestRequest<?> late = begin(token).set("cart", "pear");
    begin(token).remove("cart").answer();

    assertThat(refusal(late).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(begin(token).<String>get("cart")).isNull();
  }

  @Test
  void attributeThatWasRemovedAndSetAgainConflictsToo() {
    String token = opened("cart", "apple");
    TestRequest<?> late = begin(token).set("cart", "pear");
    begin(token).remove("cart").answer();
    begin(token).set("cart", "apple").answer();

    assertThat(refusal(late).reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void twoNewAttributesOfOneNameConflict() {
    String token = opened("user", "ada");
    TestRequest<?> late = begin(token).set("cart", "pear");
    begin(token).set("cart", "apple").answer();

    assertThat(refusal(late).reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void refusedChangeOfSeveralAttributesChangesNone() {
    String token = opened("cart", "");
    TestRequest<?> late = begin(token).set("cart", "pear").set("other", "x");
    begin(token).set("cart", "apple").answer();

    refusal(late);
    assertThat(begin(token).session().getAttributeNames()).containsExactly("cart");
  }

  @Test
  void oneRequestMayChangeAnAttributeAgainAndAgain() {
    String token = opened("count", 1);
    TestRequest<?> request = begin(token);
    for (int count = 2; count <= 5; count++) {
      request.set("count", count).answer();
    }

    assertThat(begin(token).<Integer>get("count")).isEqualTo(5);
  }

  @Test
  void writeUnderAnIdThatWasRotatedAwayIsRefusedAndBringsNothingBack() {
    String before = opened("cart", "");
    TestRequest<?> late = begin(before).set("cart", "pear");
    TestRequest<?> rotation = begin(before);
    rotation.session().changeSessionId();
    String after = rotation.answer();

    assertThat(refusal(late).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(tryBegin(0, before)).isNull();
    assertThat(begin(after).<String>get("cart")).isEmpty();
  }

  @Test
  void twoRotationsAtOnceLeaveOneLiveId() {
    String before = opened("cart", "apple");
    TestRequest<?> first = begin(before);
    TestRequest<?> second = begin(before);
    first.session().changeSessionId();
    second.session().changeSessionId();
    String after = first.answer();

    assertThat(refusal(second).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(begin(after).<String>get("cart")).isEqualTo("apple");
    assertThat(sessions()).isEqualTo(1);
  }

  @Test
  void lateTouchOfAnEndedSessionLeavesNothingInRedis() {
    String token = opened("cart", "apple");
    TestRequest<?> late = begin(token);
    late.session().setLastAccessedTime(cluster().now().plus(TIMEOUT.dividedBy(2)));
    begin(token).logOut();

    late.answer();

    assertThat(sessions()).isZero();
  }

  @Test
  void eachWriteIsOneScript() {
    String token = opened("cart", "");
    TestRequest<?> request = begin(token).set("cart", "apple").set("user", "ada");
    long before = scripts();
    // Saves twice, as the filter does; the second has nothing to do.
    request.answer();
    assertThat(scripts() - before).isEqualTo(1);
  }

  @Test
  void readsWhatTheOtherKindOfWritesLeft() {
    try (RedisTestCluster plain = new RedisTestCluster("127.0.0.1", redis.port(), codec())) {
      String token = TestRequest.open(plain.node(0), plain.now()).set("cart", "apple").answer();
      assertThat(begin(token).<String>get("cart")).isEqualTo("apple");
      begin(token).set("cart", "pear").answer();

      assertThat(Objects.requireNonNull(TestRequest.begin(plain.node(1), token, plain.now())).<String>get("cart"))
          .isEqualTo("pear");
    }
  }

  @Test
  void redisForgetsWhatHasExpired() {
    String token = opened("user", "ada");
    byte[] key = ("statecraft:session:sessions:" + token).getBytes(StandardCharsets.UTF_8);
    Long seconds = onRedis(connection -> connection.keyCommands().ttl(key));
    assertThat(seconds).isBetween(TIMEOUT.minus(Duration.ofSeconds(30)).toSeconds(), TIMEOUT.toSeconds());
  }

  @Test
  void valueInRedisThatIsNotAllowedIsRefused() {
    String token = opened("user", "ada");
    byte[] key = ("statecraft:session:sessions:" + token).getBytes(StandardCharsets.UTF_8);
    for (String evil : List.of("{\"@class\":\"java.lang.ProcessBuilder\"}", "\u00ac\u00ed\u0000\u0005t")) {
      onRedis(
          connection -> connection.hashCommands().hSet(
              key, "sessionAttr:evil".getBytes(StandardCharsets.UTF_8), evil.getBytes(StandardCharsets.ISO_8859_1)));
      assertThat(tryBegin(0, token)).isNull();
    }
  }

  private static SessionStoreException refusal(TestRequest<?> request) {
    return Objects.requireNonNull(catchThrowableOfType(SessionStoreException.class, request::answer));
  }

  private long sessions() {
    return Objects.requireNonNull(onRedis(connection -> connection.serverCommands().dbSize()));
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
}
