package dev.statecraft.session.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.KeyRing;
import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CookieSessionRepositoryTest {
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration ABSOLUTE = Duration.ofHours(1);
  private static final Lifetime LIFETIME = new Lifetime(IDLE, ABSOLUTE, Duration.ofSeconds(30));
  private static final String OLD = secret(1);
  private static final String NEW = secret(2);

  private final MovableTime time = new MovableTime();

  @Test
  void sessionEndsAtItsAbsoluteTimeoutHoweverBusyItIs() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    for (int minute = 5; minute < ABSOLUTE.toMinutes(); minute += 5) {
      time.pass(Duration.ofMinutes(5));
      token = touch(repository, token);
    }
    time.pass(Duration.ofMinutes(5));

    assertThat(repository.findById(token)).isNull();
  }

  @Test
  void readSealsAnewOnlyWhenTheRecordedAccessHasGrownOld() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    time.pass(Duration.ofSeconds(29));
    assertThat(touch(repository, token)).isEqualTo(token);

    time.pass(Duration.ofSeconds(1));
    assertThat(touch(repository, token)).isNotEqualTo(token);
  }

  @Test
  void rotatedKeyStillOpensAndTheNextWriteSealsUnderTheActiveOne() {
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
  void noBitOfATokenCanBeChanged() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    int content = token.lastIndexOf('.') + 1;
    byte[] sealed = Base64.getUrlDecoder().decode(token.substring(content));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] forged = sealed.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      String text = token.substring(0, content) + Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
      assertThat(repository.findById(text)).as("bit %s", bit).isNull();
    }
  }

  @Test
  void truncatedTokenIsNoSession() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    for (int length = 0; length < token.length(); length++) {
      assertThat(repository.findById(token.substring(0, length))).as("%s characters", length).isNull();
    }
  }

  @Test
  void tokenSealedUnderOneKeyIdDoesNotOpenUnderAnother() {
    CookieSessionRepository repository = repository(Map.of("old", OLD, "new", OLD), "old");
    String token = login(repository);

    assertThat(repository.findById(token.replace(".old.", ".new."))).isNull();
  }

  @Test
  void tokenWithATypeThatIsNoLongerAllowedIsNoSession() {
    record Gone(String name) {}
    KeyRing keys = new KeyRing(Map.of("old", OLD), "old");
    CookieSessionRepository before = new CookieSessionRepository(
        new Seal(keys),
        new AttributeCodec(List.of(Gone.class)),
        LIFETIME,
        time);
    CookieSession session = before.createSession();
    session.setAttribute("gone", new Gone("x"));
    before.save(session);

    assertThat(before.findById(session.getId())).isNotNull();
    assertThat(repository(Map.of("old", OLD), "old").findById(session.getId())).isNull();
  }

  @Test
  void tokenShowsNothingOfItsState() {
    String token = login(repository(Map.of("old", OLD), "old"));
    byte[] sealed = Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));

    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("ada", "user");
  }

  @Test
  void stateGrowsToTheCapAndNotOneByteBeyond() {
    CookieSessionRepository repository = repository(Map.of("old", OLD), "old");
    String token = login(repository);
    String value = "";
    SessionStoreException refusal = null;
    while (refusal == null) {
      CookieSession session = find(repository, token);
      assertThat(session.<String>getAttribute("cart")).isEqualTo(value.isEmpty() ? null : value);
      session.setAttribute("cart", value + "x");
      refusal = catchThrowableOfType(SessionStoreException.class, () -> repository.save(session));
      if (refusal == null) {
        value += "x";
        token = session.getId();
      } else {
        assertThat(session.getId()).as("the client keeps what it held").isEqualTo(token);
        assertThat(session.<String>getAttribute("cart")).isEqualTo(value);
      }
      assertThat("SESSION=".length() + token.length()).isLessThanOrEqualTo(4096);
    }

    assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(find(repository, token).<String>getAttribute("cart")).isEqualTo(value);
    assertThat("SESSION=".length() + token.length()).as("little is given away").isGreaterThan(4090);
  }

  @Test
  void everyStateComesBackFromItsBytes() {
    Random random = new Random(42);
    for (int i = 0; i < 500; i++) {
      Map<String, byte[]> attributes = new HashMap<>();
      for (int left = random.nextInt(5); left > 0; left--) {
        byte[] value = new byte[random.nextInt(300)];
        random.nextBytes(value);
        attributes.put("name-" + random.nextInt(100) + "\u00fc", value);
      }
      SealedState state = new SealedState(
          time.instant(),
          time.instant().plusMillis(random.nextInt(1000)),
          time.instant().plusMillis(random.nextLong(1L << 40)),
          time.instant().plus(ABSOLUTE),
          Duration.ofMillis(random.nextLong(-5, 1L << 40)),
          attributes);
      byte[] bytes = state.toBytes();

      assertThat(SealedState.ofBytes(bytes).orElseThrow()).usingRecursiveComparison().isEqualTo(state);
      assertThat(SealedState.ofBytes(Arrays.copyOf(bytes, random.nextInt(bytes.length)))).isEmpty();
      assertThat(SealedState.ofBytes(Arrays.copyOf(bytes, bytes.length + 1))).isEmpty();
    }
  }

  private CookieSessionRepository repository(Map<String, String> secrets, String active) {
    return new CookieSessionRepository(
        new Seal(new KeyRing(secrets, active)),
        new AttributeCodec(List.of()),
        LIFETIME,
        time);
  }

  private String login(CookieSessionRepository repository) {
    CookieSession session = repository.createSession();
    session.setAttribute("user", "ada");
    repository.save(session);
    return session.getId();
  }

  private String touch(CookieSessionRepository repository, String token) {
    CookieSession session = find(repository, token);
    session.setLastAccessedTime(time.instant());
    repository.save(session);
    return session.getId();
  }

  private static CookieSession find(CookieSessionRepository repository, String token) {
    return Objects.requireNonNull(repository.findById(token), "the token opens nothing");
  }

  private static String secret(int seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
