package dev.statecraft.session.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.TestContext;
import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.signing.KeyRing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CookieSessionRepositoryTest {
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration ABSOLUTE = Duration.ofHours(1);
  private static final String OLD = secret(1);
  private static final String NEW = secret(2);

  private final MovableTime time = new MovableTime();

  @Test
  void usedSessionExpiresAtAbsoluteTimeout() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    for (int minute = 5; minute < ABSOLUTE.toMinutes(); minute += 5) {
      time.pass(Duration.ofMinutes(5));
      token = read(repository, token);
    }
    time.pass(Duration.ofMinutes(5));

    assertThat(repository.findById(token)).isNull();
  }

  @Test
  void readMakesNewTokenOnlyAfterPersistInterval() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    time.pass(Duration.ofSeconds(29));
    assertThat(read(repository, token)).isEqualTo(token);

    time.pass(Duration.ofSeconds(1));
    assertThat(read(repository, token)).isNotEqualTo(token);
  }

  @Test
  void rotationKeepsSessionsAndEncryptsWithActiveKey() {
    String token = login(repository(Map.of("old", OLD), "old"));
    CookieSessionRepository rotating = repository(Map.of("old", OLD, "new", NEW), "new");
    CookieSession session = find(rotating, token);
    session.setAttribute("user", "grace");
    rotating.save(session);

    CookieSessionRepository rotated = repository(Map.of("new", NEW), "new");
    assertThat(rotated.findById(token)).isNull();
    assertThat(find(rotated, session.getId()).<String>getAttribute("user")).isEqualTo("grace");
  }

  @Test
  void rejectsTokenWithAnyBitChanged() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    int content = token.lastIndexOf('.') + 1;
    byte[] encrypted = Base64.getUrlDecoder().decode(token.substring(content));
    for (int bit = 0; bit < encrypted.length * 8; bit++) {
      byte[] forged = encrypted.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      String text = token.substring(0, content) + Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
      assertThat(repository.findById(text)).as("bit %s", bit).isNull();
    }
  }

  @Test
  void rejectsTruncatedToken() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    for (int length = 0; length < token.length(); length++) {
      assertThat(repository.findById(token.substring(0, length))).as("%s characters", length).isNull();
    }
  }

  @Test
  void rejectsTokenUnderAnotherKeyId() {
    CookieSessionRepository repository = repository(Map.of("old", OLD, "new", OLD), "old");
    String token = login(repository);

    assertThat(repository.findById(token.replace(".old.", ".new."))).isNull();
  }

  @Test
  void rejectsTokenWithTypeThatIsNoLongerAllowed() {
    record Removed(String name) {}
    KeyRing keys = KeyRing.of(Map.of("old", OLD), "old");
    CookieSessionRepository before = repository(keys, new AttributeCodec(List.of(Removed.class)));
    CookieSession session = before.createSession();
    session.setAttribute("removed", new Removed("x"));
    before.save(session);

    assertThat(before.findById(session.getId())).isNotNull();
    assertThat(repository(Map.of("old", OLD), "old").findById(session.getId())).isNull();
  }

  @Test
  void tokenHidesItsState() {
    String token = login(repository(Map.of("old", OLD), "old"));
    byte[] encrypted = Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));

    assertThat(new String(encrypted, StandardCharsets.ISO_8859_1)).doesNotContain("ada", "user");
  }

  @Test
  void stateGrowsToCookieLimit() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    String value = "x".repeat(2_800);
    CookieSession first = find(repository, token);
    first.setAttribute("cart", value);
    repository.save(first);
    token = first.getId();
    SessionStoreException rejection = null;
    while (rejection == null) {
      CookieSession session = find(repository, token);
      assertThat(session.<String>getAttribute("cart")).isEqualTo(value);
      session.setAttribute("cart", value + "x");
      rejection = catchThrowableOfType(SessionStoreException.class, () -> repository.save(session));
      if (rejection == null) {
        value += "x";
        token = session.getId();
      } else {
        assertThat(session.getId()).as("the client keeps its token").isEqualTo(token);
        assertThat(session.<String>getAttribute("cart")).isEqualTo(value);
      }
      assertThat("SESSION=".length() + token.length()).isLessThanOrEqualTo(4096);
    }

    assertThat(rejection.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(find(repository, token).<String>getAttribute("cart")).isEqualTo(value);
    assertThat("SESSION=".length() + token.length()).as("the limit is nearly used up").isGreaterThan(4090);
  }

  @Test
  void rejectsTokenOfAnotherApplication() {
    KeyRing keys = KeyRing.of(Map.of("old", OLD), "old");
    String token = login(repository(Map.of("old", OLD), "old"));
    SessionStoreContext shop = TestContext.of(IDLE, new AttributeCodec(List.of()), time);
    SessionStoreContext other = new SessionStoreContext(
        IDLE, "another", shop.time(), shop.attributes(), shop.events());

    assertThat(new CookieSessionRepository(other, keys, ABSOLUTE, "SESSION", null).findById(token)).isNull();
  }

  @Test
  void slowRequestDoesNotMakeCookieThatExpiresEarlier() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    CookieSession slow = find(repository, login(repository));
    slow.setLastAccessedTime(time.instant());
    time.pass(IDLE.minusSeconds(1));
    slow.setAttribute("cart", "apple");
    repository.save(slow);
    time.pass(IDLE.minusSeconds(1));

    assertThat(repository.findById(slow.getId())).isNotNull();
  }

  private CookieSessionRepository repository(Map<String, String> secrets, String active) {
    return repository(KeyRing.of(secrets, active), new AttributeCodec(List.of()));
  }

  private CookieSessionRepository repository(KeyRing keys, AttributeCodec codec) {
    return new CookieSessionRepository(TestContext.of(IDLE, codec, time), keys, ABSOLUTE, "SESSION", null);
  }

  private String login(CookieSessionRepository repository) {
    CookieSession session = repository.createSession();
    session.setAttribute("user", "ada");
    repository.save(session);
    return session.getId();
  }

  private String read(CookieSessionRepository repository, String token) {
    CookieSession session = find(repository, token);
    session.setLastAccessedTime(time.instant());
    repository.save(session);
    return session.getId();
  }

  private static CookieSession find(CookieSessionRepository repository, String token) {
    return Objects.requireNonNull(repository.findById(token), "no session for the token");
  }

  private static String secret(int seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
