package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.statecraft.session.SessionStoreException.Reason;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every strategy is held to. A strategy that declares a clause unmet in its {@link Guarantee} must really show the
 * anomaly: a promise kept silently is as wrong in its documentation as one broken.
 *
 * <p>To judge a strategy, extend this class and bring a {@link TestCluster} of it.
 */
public abstract class SessionContract {
  public static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private @Nullable TestCluster cluster;

  /** An attribute of a type of the application's own. */
  public record Note(String title, List<String> lines) {}

  protected abstract SessionStrategy strategy();

  /** What the nodes document. */
  protected Guarantee guarantee() {
    return Guarantee.of(strategy());
  }

  /** Starts at least two nodes, ready to serve. Closed after each test. */
  protected abstract TestCluster start();

  /** The codec with which the repositories under test write attributes, where their strategy writes any. */
  protected static AttributeCodec codec() {
    return new AttributeCodec(List.of(Note.class));
  }

  @BeforeEach
  void startCluster() {
    cluster = start();
  }

  @AfterEach
  void closeCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  protected final TestCluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  protected final TestRequest<?> open() {
    return TestRequest.open(cluster().node(0), cluster().now());
  }

  protected final @Nullable TestRequest<?> tryBegin(int node, String token) {
    return TestRequest.begin(cluster().node(node), token, cluster().now());
  }

  protected final TestRequest<?> begin(String token) {
    return Objects.requireNonNull(tryBegin(0, token), "the token opens nothing");
  }

  /** Opens a session with one attribute and gives its token. */
  protected final String opened(String attribute, Object value) {
    return open().set(attribute, value).answer();
  }

  private boolean opensNothing(String token) {
    return tryBegin(0, token) == null;
  }

  private boolean promises(ContractClause clause) {
    return !guarantee().unmet().contains(clause);
  }

  /** Compares what was seen with what the strategy declares, in both directions. */
  private void judge(ContractClause clause, boolean kept) {
    assertThat(kept)
        .as(promises(clause) ? "%s keeps %s" : "%s shows the anomaly that it declares instead of %s", strategy(),
            clause)
        .isEqualTo(promises(clause));
  }

  @Test
  void answeredSessionIsFoundByItsToken() {
    TestRequest<?> login = open().set("user", "ada");
    String token = login.answer();

    TestRequest<?> next = begin(token);
    assertThat(next.<String>get("user")).isEqualTo("ada");
    assertThat(next.session().getAttributeNames()).containsExactly("user");
    assertThat(next.session().getCreationTime()).isCloseTo(login.session().getCreationTime(),
        within(1, ChronoUnit.MILLIS));
    assertThat(next.session().getMaxInactiveInterval()).isEqualTo(TIMEOUT);
    assertThat(next.session().isExpired()).isFalse();
  }

  @Test
  void tokenThatWasNeverGivenOpensNothing() {
    String token = opened("user", "ada");

    Stream
        .of("", " ", "x", "..", "\u00e9\u0000", UUID.randomUUID().toString(), "A".repeat(5000), token + "x",
            "x" + token,
            token.substring(1))
        .forEach(forged -> assertThat(tryBegin(0, forged)).as(forged).isNull());
  }

  @Test
  void userReadsWhatWasAcknowledged() {
    String token = opened("count", 1);
    for (int count = 2; count <= 5; count++) {
      token = begin(token).set("count", count).answer();
      assertThat(begin(token).<Integer>get("count")).isEqualTo(count);
    }
  }

  @Test
  void requestSeesItsOwnUnsavedChanges() {
    TestRequest<?> request = begin(opened("a", "1")).set("a", "2").set("b", "3");

    assertThat(request.<String>get("a")).isEqualTo("2");
    assertThat(request.session().getAttributeNames()).containsExactlyInAnyOrder("a", "b");
    assertThat(request.remove("a").session().getAttributeNames()).containsExactly("b");
  }

  @Test
  void changesAfterTheFirstSaveOfARequestAreSavedToo() {
    TestRequest<?> request = open().set("a", "1");
    request.answer();
    String token = request.set("b", "2").answer();

    assertThat(begin(token).<String>get("a")).isEqualTo("1");
    assertThat(begin(token).<String>get("b")).isEqualTo("2");
  }

  @Test
  void everyKindOfAttributeComesBackAsItWas() {
    Note note = new Note("\u00fcber \"quotes\" \ud83d\ude80", List.of("one", "two", ""));
    String token = open().set("text", "t").set("long", 1L << 40).set("small", 3L).set("int", 4).set("flag", true)
        .set("note", note).answer();

    TestRequest<?> next = begin(token);
    assertThat(next.<Object>get("text")).isEqualTo("t");
    assertThat(next.<Object>get("long")).isEqualTo(1L << 40);
    assertThat(next.<Object>get("small")).isEqualTo(3L);
    assertThat(next.<Object>get("int")).isEqualTo(4);
    assertThat(next.<Object>get("flag")).isEqualTo(true);
    assertThat(next.<Object>get("note")).isEqualTo(note);
  }

  @Test
  void removedAttributeStaysRemoved() {
    String token = open().set("a", "1").set("b", "2").answer();
    token = begin(token).remove("a").answer();

    assertThat(begin(token).<String>get("a")).isNull();
    assertThat(begin(token).session().getAttributeNames()).containsExactly("b");
  }

  @Test
  void sessionsDoNotSeeEachOther() {
    String ada = opened("user", "ada");
    String bob = opened("user", "bob");

    assertThat(ada).isNotEqualTo(bob);
    assertThat(begin(ada).<String>get("user")).isEqualTo("ada");
    assertThat(begin(bob).<String>get("user")).isEqualTo("bob");
  }

  @Test
  void concurrentChangesOfDifferentAttributesMerge() {
    String token = opened("user", "ada");
    TestRequest<?> first = begin(token).set("left", "1");
    TestRequest<?> second = begin(token).set("right", "2");
    first.answer();
    token = second.answer();

    TestRequest<?> next = begin(token);
    judge(ContractClause.DIFFERENT_ATTRIBUTES_MERGE, "1".equals(next.get("left")) && "2".equals(next.get("right")));
  }

  @Test
  void secondOfTwoConcurrentChangesOfOneAttributeIsRefused() {
    String token = opened("cart", "");
    TestRequest<?> first = begin(token).set("cart", "apple");
    TestRequest<?> second = begin(token).set("cart", "pear");
    String answered = first.answer();
    SessionStoreException refusal = catchThrowableOfType(SessionStoreException.class, second::answer);

    judge(ContractClause.LOST_UPDATE_IS_REFUSED, refusal != null);
    if (refusal != null) {
      assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
      assertThat(begin(answered).<String>get("cart")).isEqualTo("apple");
      assertThat(second.<String>get("cart")).as("the refused request forgot its change").isNotEqualTo("pear");
    } else {
      assertThat(begin(second.session().getId()).<String>get("cart")).as("the last write won").isEqualTo("pear");
    }
  }

  @Test
  void concurrentAppendsThatRetryLoseNothing() throws Exception {
    Assumptions.assumeTrue(promises(ContractClause.LOST_UPDATE_IS_REFUSED), "declared: an update can be lost");
    String token = opened("note", new Note("n", List.of()));
    List<Callable<Void>> clients = new ArrayList<>();
    for (int client = 0; client < 4; client++) {
      int number = client;
      clients.add(() -> {
        for (int i = 0; i < 10; i++) {
          appendUntilAccepted(token, number + "-" + i);
        }
        return null;
      });
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> client : threads.invokeAll(clients)) {
        client.get();
      }
    }

    Note note = begin(token).get("note");
    assertThat(Objects.requireNonNull(note).lines()).hasSize(40).doesNotHaveDuplicates();
  }

  private void appendUntilAccepted(String token, String line) {
    while (true) {
      TestRequest<?> request = begin(token);
      Note note = Objects.requireNonNull(request.<Note>get("note"));
      List<String> lines = new ArrayList<>(note.lines());
      lines.add(line);
      try {
        request.set("note", new Note(note.title(), lines)).answer();
        return;
      } catch (SessionStoreException refusal) {
        assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
      }
    }
  }

  @Test
  void rotatedSessionKeepsItsStateUnderItsNewTokenAlone() {
    String before = opened("user", "ada");
    TestRequest<?> rotation = begin(before);
    rotation.session().changeSessionId();
    String after = rotation.answer();

    assertThat(after).isNotEqualTo(before);
    assertThat(begin(after).<String>get("user")).isEqualTo("ada");
    judge(ContractClause.ROTATED_ID_IS_DEAD, opensNothing(before));
  }

  @Test
  void loggedOutSessionIsDead() {
    String token = opened("user", "ada");
    begin(token).logOut();

    judge(ContractClause.DELETED_SESSION_IS_DEAD, opensNothing(token));
  }

  @Test
  void lateSaveDoesNotReviveALoggedOutSession() {
    String token = opened("user", "ada");
    TestRequest<?> lateWrite = begin(token).set("user", "eve");
    TestRequest<?> lateRead = begin(token);
    begin(token).logOut();
    String writeToken = token;
    try {
      writeToken = lateWrite.answer();
    } catch (SessionStoreException refusal) {
      assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
    }
    String readToken = lateRead.answer();

    judge(
        ContractClause.LATE_SAVE_REVIVES_NOTHING,
        opensNothing(token) && opensNothing(writeToken) && opensNothing(readToken));
  }

  @Test
  void deletingWhatDoesNotExistIsNoError() {
    cluster().node(0).deleteById(UUID.randomUUID().toString());
    TestRequest<?> request = begin(opened("user", "ada"));
    request.logOut();
    request.logOut();
  }

  @Test
  void idleSessionExpiresAtItsTimeout() {
    String token = opened("user", "ada");
    cluster().pass(TIMEOUT.minus(MOMENT));
    assertThat(cluster().node(0).findById(token)).isNotNull();

    cluster().pass(MOMENT);
    assertThat(opensNothing(token)).isTrue();
  }

  @Test
  void readingKeepsASessionAlive() {
    String token = opened("user", "ada");
    for (int i = 0; i < 4; i++) {
      cluster().pass(TIMEOUT.dividedBy(2));
      token = begin(token).answer();
    }

    assertThat(begin(token).<String>get("user")).isEqualTo("ada");
    cluster().pass(TIMEOUT);
    assertThat(opensNothing(token)).isTrue();
  }

  @Test
  void timeoutOfOneSessionIsItsOwn() {
    TestRequest<?> brief = open();
    brief.session().setMaxInactiveInterval(MOMENT.multipliedBy(5));
    String shorter = brief.answer();
    String usual = opened("user", "ada");
    cluster().pass(MOMENT.multipliedBy(6));

    assertThat(opensNothing(shorter)).isTrue();
    assertThat(opensNothing(usual)).isFalse();
  }

  @Test
  void anyNodeServesWhatAnotherAcknowledged() {
    String token = opened("cart", "apple");
    TestRequest<?> elsewhere = tryBegin(1, token);
    boolean served = elsewhere != null && "apple".equals(elsewhere.get("cart"));
    if (elsewhere != null) {
      token = elsewhere.set("cart", "pear").answer();
      served = served && "pear".equals(begin(token).get("cart"));
    }

    judge(ContractClause.ANY_NODE_SERVES, served);
  }

  @Test
  void sessionOutlivesTheNodeThatOpenedIt() {
    String token = opened("cart", "apple");
    cluster().kill(0);
    TestRequest<?> elsewhere = tryBegin(1, token);

    judge(ContractClause.SURVIVES_ITS_NODE, elsewhere != null && "apple".equals(elsewhere.get("cart")));
  }

  @Test
  void stateTooLargeIsRefusedAndTheOldStateStays() {
    String token = opened("cart", "apple");
    String large = UUID.randomUUID().toString().repeat(1821);
    TestRequest<?> growth = begin(token).set("cart", large);
    SessionStoreException refusal = catchThrowableOfType(SessionStoreException.class, growth::answer);

    judge(ContractClause.HOLDS_LARGE_STATE, refusal == null);
    String held = growth.session().getId();
    assertThat(begin(held).<String>get("cart")).isEqualTo(refusal == null ? large : "apple");
    if (refusal != null) {
      assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
    }
  }

  @Test
  void typeThatIsNotAllowedIsNeverStored() {
    record Stranger(String name) {}
    Assumptions.assumeTrue(strategy() != SessionStrategy.AFFINITY, "affinity stores references, not bytes");
    TestRequest<?> request = begin(opened("user", "ada")).set("stranger", new Stranger("x"));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(request::answer)
        .withMessageContaining("attribute-types");
  }
}
