package dev.statecraft.session.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.statecraft.session.ContractClause;
import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.io.Serializable;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.session.FindByIndexNameSessionRepository;

/**
 * The contract tests of every strategy. If a strategy declares a {@link ContractClause} unmet in its {@link Guarantee},
 * the tests require that it shows the anomaly, so the documentation is exact in both directions.
 *
 * <p>To test a strategy, extend this class and provide a {@link TestCluster} of it.
 */
public abstract class SessionContract extends AttributeValueContract {
  public static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final int FORGED_SESSIONS = 45;
  /** Longer than a test takes, because some clusters use the clock of the machine. */
  private static final Duration MOMENT = Duration.ofSeconds(30);

  /** An attribute type of the application. It can be serialized, because some stores use Java serialization. */
  public record Note(String title, List<String> lines) implements Serializable {
    public Note {
      lines = List.copyOf(lines);
    }
  }

  /** An attribute type that the application has not allowed. */
  record NotAllowed(String name) implements Serializable {}

  @Test
  void findsSavedSessionByToken() {
    TestRequest<?> login = open().set("user", "ada");
    String token = login.finish();

    TestRequest<?> next = begin(token);
    assertThat(next.<String>get("user")).isEqualTo("ada");
    assertThat(next.session().getAttributeNames()).containsExactly("user");
    assertThat(next.session().getCreationTime()).isCloseTo(login.session().getCreationTime(),
        within(1, ChronoUnit.MILLIS));
    assertThat(next.session().getMaxInactiveInterval()).isEqualTo(TIMEOUT);
    assertThat(next.session().isExpired()).isFalse();
  }

  @Test
  void unknownTokenFindsNoSession() {
    String token = createSession("user", "ada");

    Stream
        .of("", " ", "x", "..", "\u00e9\u0000", UUID.randomUUID().toString(), "A".repeat(5000), token + "x",
            "x" + token,
            token.substring(1))
        .forEach(forged -> assertThat(tryBegin(0, forged)).as(forged).isNull());
  }

  @Test
  void forgedTokensFindNoSession() {
    List<String> real = Stream.generate(() -> createSession("user", "ada")).limit(FORGED_SESSIONS).toList();
    List<String> forged = new ForgedTokens(real).limit(forgedTokens()).toList();
    List<String> accepted = forged.parallelStream().filter(token -> !findsNothing(token)).toList();

    assertThat(accepted).isEmpty();
    assertThat(real).noneMatch(this::findsNothing);
  }

  @Test
  void readReturnsAcknowledgedWrite() {
    String token = createSession("count", 1);
    for (int count = 2; count <= 5; count++) {
      token = begin(token).set("count", count).finish();
      assertThat(begin(token).<Integer>get("count")).isEqualTo(count);
    }
  }

  @Test
  void requestSeesItsOwnUnsavedChanges() {
    TestRequest<?> request = begin(createSession("a", "1")).set("a", "2").set("b", "3");

    assertThat(request.<String>get("a")).isEqualTo("2");
    assertThat(request.session().getAttributeNames()).containsExactlyInAnyOrder("a", "b");
    assertThat(request.remove("a").session().getAttributeNames()).containsExactly("b");
  }

  @Test
  void savesChangesAfterFirstSaveOfRequest() {
    TestRequest<?> request = open().set("a", "1");
    request.finish();
    String token = request.set("b", "2").finish();

    assertThat(begin(token).<String>get("a")).isEqualTo("1");
    assertThat(begin(token).<String>get("b")).isEqualTo("2");
  }

  @Test
  void preservesTypesOfAttributes() {
    Note note = new Note("\u00fcber \"quotes\" \ud83d\ude80", List.of("one", "two", ""));
    String token = open().set("text", "t").set("long", 1L << 40).set("small", 3L).set("int", 4).set("flag", true)
        .set("note", note).finish();

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
    String token = open().set("a", "1").set("b", "2").finish();
    token = begin(token).remove("a").finish();

    assertThat(begin(token).<String>get("a")).isNull();
    assertThat(begin(token).session().getAttributeNames()).containsExactly("b");
  }

  @Test
  void sessionsAreIsolated() {
    String ada = createSession("user", "ada");
    String bob = createSession("user", "bob");

    assertThat(ada).isNotEqualTo(bob);
    assertThat(begin(ada).<String>get("user")).isEqualTo("ada");
    assertThat(begin(bob).<String>get("user")).isEqualTo("bob");
  }

  @Test
  void concurrentChangesOfDifferentAttributesMerge() {
    String token = createSession("user", "ada");
    TestRequest<?> first = begin(token).set("left", "1");
    TestRequest<?> second = begin(token).set("right", "2");
    first.finish();
    token = second.finish();

    TestRequest<?> next = begin(token);
    verifyClause(ContractClause.DIFFERENT_ATTRIBUTES_MERGE,
        "1".equals(next.get("left")) && "2".equals(next.get("right")));
  }

  @Test
  void rejectsSecondConcurrentChangeOfOneAttribute() {
    String token = createSession("cart", "");
    TestRequest<?> first = begin(token).set("cart", "apple");
    TestRequest<?> second = begin(token).set("cart", "pear");
    String updated = first.finish();
    SessionStoreException rejection = catchThrowableOfType(SessionStoreException.class, second::finish);

    verifyClause(ContractClause.LOST_UPDATE_IS_REFUSED, rejection != null);
    if (rejection != null) {
      assertThat(rejection.reason()).isEqualTo(Reason.CONFLICT);
      assertThat(begin(updated).<String>get("cart")).isEqualTo("apple");
      assertThat(second.<String>get("cart")).as("the rejected request discarded its change").isNotEqualTo("pear");
    } else {
      assertThat(begin(second.session().getId()).<String>get("cart")).as("the last write won").isEqualTo("pear");
    }
  }

  @Test
  void concurrentAppendsWithRetryLoseNothing() throws Exception {
    Assumptions.assumeTrue(meets(ContractClause.LOST_UPDATE_IS_REFUSED), "the strategy declares lost updates");
    String token = createSession("note", new Note("n", List.of()));
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
        request.set("note", new Note(note.title(), lines)).finish();
        return;
      } catch (SessionStoreException rejection) {
        assertThat(rejection.reason()).isEqualTo(Reason.CONFLICT);
      }
    }
  }

  @Test
  void rotationKeepsStateUnderNewToken() {
    String before = createSession("user", "ada");
    TestRequest<?> rotation = begin(before);
    rotation.session().changeSessionId();
    String after = rotation.finish();

    assertThat(after).isNotEqualTo(before);
    assertThat(begin(after).<String>get("user")).isEqualTo("ada");
    verifyClause(ContractClause.ROTATED_ID_IS_DEAD, findsNothing(before));
  }

  @Test
  void logoutInvalidatesToken() {
    String token = createSession("user", "ada");
    begin(token).logOut();

    verifyClause(ContractClause.DELETED_SESSION_IS_DEAD, findsNothing(token));
  }

  @Test
  void saveAfterLogoutDoesNotReviveSession() {
    String token = createSession("user", "ada");
    TestRequest<?> lateWrite = begin(token).set("user", "eve");
    TestRequest<?> lateRead = begin(token);
    begin(token).logOut();
    String writeToken = token;
    try {
      writeToken = lateWrite.finish();
    } catch (SessionStoreException rejection) {
      assertThat(rejection.reason()).isEqualTo(Reason.CONFLICT);
    }
    var _ = catchThrowable(lateRead::finish);

    verifyClause(
        ContractClause.LATE_SAVE_REVIVES_NOTHING,
        findsNothing(token) && findsNothing(writeToken) && findsNothing(lateRead.session().getId()));
  }

  @Test
  void refusesWriteAfterLogout() {
    String token = createSession("user", "ada");
    TestRequest<?> lateWrite = begin(token).set("user", "eve");
    begin(token).logOut();
    SessionStoreException rejection = catchThrowableOfType(SessionStoreException.class, lateWrite::finish);

    verifyClause(ContractClause.LATE_WRITE_IS_REFUSED, rejection != null);
    if (rejection != null) {
      assertThat(rejection.reason()).isEqualTo(Reason.CONFLICT);
    }
  }

  @Test
  void readEndsWithoutErrorAfterLogout() {
    String token = createSession("user", "ada");
    TestRequest<?> lateRead = begin(token);
    begin(token).logOut();
    SessionStoreException rejection = catchThrowableOfType(SessionStoreException.class, lateRead::finish);

    verifyClause(ContractClause.LATE_READ_IS_NO_ERROR, rejection == null);
    if (rejection != null) {
      assertThat(rejection.reason()).isEqualTo(Reason.CONFLICT);
    }
  }

  @Test
  void deletingMissingSessionIsNoError() {
    cluster().node(0).deleteById(UUID.randomUUID().toString());
    TestRequest<?> request = begin(createSession("user", "ada"));
    request.logOut();
    request.logOut();
  }

  @Test
  void idleSessionExpiresAtTimeout() {
    String token = createSession("user", "ada");
    cluster().pass(TIMEOUT.minus(MOMENT));
    assertThat(cluster().node(0).findById(token)).isNotNull();

    cluster().pass(MOMENT);
    assertThat(findsNothing(token)).isTrue();
  }

  @Test
  void readsKeepSessionAlive() {
    String token = createSession("user", "ada");
    for (int i = 0; i < 4; i++) {
      cluster().pass(TIMEOUT.dividedBy(2));
      token = begin(token).finish();
    }

    assertThat(begin(token).<String>get("user")).isEqualTo("ada");
    cluster().pass(TIMEOUT);
    assertThat(findsNothing(token)).isTrue();
  }

  @Test
  void timeoutAppliesToOneSession() {
    TestRequest<?> shortLived = open();
    shortLived.session().setMaxInactiveInterval(MOMENT.multipliedBy(5));
    String shortToken = shortLived.finish();
    String defaultToken = createSession("user", "ada");
    cluster().pass(MOMENT.multipliedBy(6));

    assertThat(findsNothing(shortToken)).isTrue();
    assertThat(findsNothing(defaultToken)).isFalse();
  }

  @Test
  void anyNodeServesAcknowledgedState() {
    String token = createSession("cart", "apple");
    TestRequest<?> elsewhere = tryBegin(1, token);
    boolean served = elsewhere != null && "apple".equals(elsewhere.get("cart"));
    if (elsewhere != null) {
      token = elsewhere.set("cart", "pear").finish();
      served = served && "pear".equals(begin(token).get("cart"));
    }

    verifyClause(ContractClause.ANY_NODE_SERVES, served);
  }

  @Test
  void sessionSurvivesNodeThatCreatedIt() {
    String token = createSession("cart", "apple");
    cluster().kill(0);
    TestRequest<?> elsewhere = tryBegin(1, token);

    verifyClause(ContractClause.SURVIVES_ITS_NODE, elsewhere != null && "apple".equals(elsewhere.get("cart")));
  }

  @Test
  void rejectsTooLargeStateAndKeepsOldState() {
    String token = createSession("cart", "apple");
    String large = UUID.randomUUID().toString().repeat(1821);
    TestRequest<?> growth = begin(token).set("cart", large);
    SessionStoreException rejection = catchThrowableOfType(SessionStoreException.class, growth::finish);

    verifyClause(ContractClause.HOLDS_LARGE_STATE, rejection == null);
    String held = growth.session().getId();
    assertThat(begin(held).<String>get("cart")).isEqualTo(rejection == null ? large : "apple");
    if (rejection != null) {
      assertThat(rejection.reason()).isEqualTo(Reason.TOO_LARGE);
    }
  }

  @Test
  void refusesTypeThatIsNotAllowedWhenItIsSet() {
    TestRequest<?> request = begin(createSession("user", "ada"));
    Throwable rejection = catchThrowable(() -> request.set("basket", new NotAllowed("x")));

    verifyClause(ContractClause.STORES_ONLY_ALLOWED_TYPES, rejection != null);
    if (rejection == null) {
      return;
    }
    for (Object value : List.of(new NotAllowed("x"), List.of(new NotAllowed("x")))) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> request.set("basket", value))
          .withMessageContaining("'basket'")
          .withMessageContaining(NotAllowed.class.getName())
          .withMessageContaining("attribute-types");
    }
    assertThat(begin(request.finish()).session().getAttributeNames()).containsExactly("user");
  }

  @Test
  void slowRequestDoesNotMoveLastAccessBack() {
    String ada = createSession("user", "ada");
    cluster().pass(TIMEOUT.dividedBy(2));
    TestRequest<?> slow = Objects.requireNonNull(
        TestRequest.begin(cluster().node(0), ada, cluster().now().minus(TIMEOUT.dividedBy(2).minusMillis(1))));
    begin(slow.session().getId()).finish();
    String token = slow.set("cart", "apple").finish();
    cluster().pass(TIMEOUT.dividedBy(2).plus(MOMENT));
    TestRequest<?> next = tryBegin(0, token);

    verifyClause(ContractClause.LAST_ACCESS_NEVER_GOES_BACK, next != null);
    if (next != null) {
      assertThat(next.<String>get("cart")).isEqualTo("apple");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void timeoutOfZeroOrLessNeverExpires(long seconds) {
    TestRequest<?> login = open().set("user", "ada");
    login.session().setMaxInactiveInterval(Duration.ofSeconds(seconds));
    SessionStoreException rejection = catchThrowableOfType(SessionStoreException.class, login::finish);
    cluster().pass(TIMEOUT.multipliedBy(4));

    TestRequest<?> next = tryBegin(0, login.session().getId());
    verifyClause(
        seconds == 0
            ? ContractClause.ZERO_TIMEOUT_NEVER_EXPIRES
            : ContractClause.NEGATIVE_TIMEOUT_NEVER_EXPIRES,
        rejection == null && next != null);
    if (next == null) {
      return;
    }
    assertThat(next.session().getMaxInactiveInterval()).isNegative();
    cluster().pass(TIMEOUT.multipliedBy(4));
    assertThat(findsNothing(next.finish())).isFalse();
  }

  @Test
  void readsKeepSessionWithShortTimeoutAlive() {
    TestRequest<?> login = open().set("user", "ada");
    login.session().setMaxInactiveInterval(MOMENT.multipliedBy(10));
    String token = login.finish();
    for (int i = 0; i < 4; i++) {
      cluster().pass(MOMENT.multipliedBy(6));
      token = begin(token).finish();
    }
  }

  @Test
  void logoutDuringRotationEndsSession() {
    String before = createSession("user", "ada");
    TestRequest<?> rotation = begin(before);
    TestRequest<?> logout = begin(before);
    rotation.session().changeSessionId();
    String after = rotation.finish();
    logout.logOut();

    verifyClause(ContractClause.LOGOUT_ENDS_ROTATED_SESSION, findsNothing(before) && findsNothing(after));
  }

  @Test
  void changeAfterOwnSaveStillConflicts() {
    TestRequest<?> late = begin(createSession("cart", "")).set("user", "ada");
    String token = late.finish();
    begin(token).set("cart", "apple").finish();
    SessionStoreException rejection = catchThrowableOfType(
        SessionStoreException.class, late.set("cart", "pear")::finish);

    verifyClause(ContractClause.LOST_UPDATE_IS_REFUSED, rejection != null);
  }

  @Test
  void findsSessionsOfUser() {
    if (!(cluster().node(0) instanceof FindByIndexNameSessionRepository<?> sessions)) {
      verifyClause(ContractClause.FINDS_BY_PRINCIPAL, false);
      return;
    }
    String user = "ada " + UUID.randomUUID();
    String first = createSession(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, user);
    String second = createSession(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, user);
    createSession(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "bob");
    verifyClause(ContractClause.FINDS_BY_PRINCIPAL, sessions.findByPrincipalName(user).size() == 2);

    TestRequest<?> rotation = begin(first);
    rotation.session().changeSessionId();
    first = rotation.finish();
    assertThat(sessions.findByPrincipalName(user)).containsOnlyKeys(first, second);
    begin(second).set(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "bob").finish();
    assertThat(sessions.findByPrincipalName(user)).containsOnlyKeys(first);
    begin(first).logOut();
    assertThat(sessions.findByPrincipalName(user)).isEmpty();
  }
}
