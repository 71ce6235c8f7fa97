package dev.statecraft.session.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.statecraft.session.ContractClause;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A value that cannot be stored as it is is refused when it is set: none is read as another one. */
public abstract class AttributeValueContract extends LogContract {
  private static final String NAME = "value";
  /** In JSON, each list of lists is nested twice. */
  private static final int DEPTH = 300;
  private static final String HALF_OF_PAIR = "\ud83d";

  static Stream<Arguments> unusualValues() {
    return Stream.of(
        Arguments.of("control characters", "\u0000\u0001\u2028\u007f\ufeff"),
        Arguments.of("number as key", new HashMap<>(Map.of(1, "one"))),
        Arguments.of("keys of two types", new HashMap<>(Map.of(1, "one", "1", "text"))),
        Arguments.of("number as key in a list", new ArrayList<>(List.of(Map.of(1L, "one")))),
        Arguments.of("NaN", Double.NaN),
        Arguments.of("NaN in a list", new ArrayList<>(List.of(1.5, Double.NaN))),
        Arguments.of("infinity in a map", new HashMap<>(Map.of("a", Double.NEGATIVE_INFINITY))),
        Arguments.of("float infinity", Float.POSITIVE_INFINITY),
        Arguments.of("negative zero", -0.0),
        Arguments.of("smallest number", Double.MIN_VALUE),
        Arguments.of("numbers of several types", new ArrayList<>(List.of(1, 1L, 1.0f, (short) 1))));
  }

  private static List<Object> nested(int depth) {
    List<Object> value = new ArrayList<>();
    for (int i = 1; i < depth; i++) {
      value = new ArrayList<>(List.of(value));
    }
    return value;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusualValues")
  void readsValueAsItWasSetOrRefusesIt(String description, Object value) {
    assertThat(isReadAsSetOrRefused(value)).as(description).isTrue();
  }

  @Test
  void readsHalfOfSurrogatePairAsItWasSetOrRefusesIt() {
    Stream<Object> values = Stream.of("a" + HALF_OF_PAIR, "\ude80b", "\ude80\ud83d", "\ud83d\ude80" + HALF_OF_PAIR,
        new ArrayList<>(List.of(HALF_OF_PAIR)), new HashMap<>(Map.of(HALF_OF_PAIR, 1)));

    verifyClause(ContractClause.READS_VALUES_AS_SET, values.allMatch(this::isReadAsSetOrRefused));
  }

  private boolean isReadAsSetOrRefused(Object value) {
    TestRequest<?> request = begin(createSession("user", "ada"));
    boolean refused = false;
    try {
      request.set(NAME, value);
    } catch (IllegalArgumentException e) {
      refused = true;
      assertThat(e).hasMessageContainingAll("'" + NAME + "'", value.getClass().getName());
    }
    String token;
    try {
      token = request.finish();
    } catch (SessionStoreException e) {
      assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE);
      return true;
    }
    TestRequest<?> next = begin(token);
    assertThat(next.<String>get("user")).isEqualTo("ada");
    return refused ? next.session().getAttributeNames().equals(Set.of("user")) : value.equals(next.get(NAME));
  }

  @Test
  void refusesValueThatContainsItselfOrIsNestedTooDeeply() {
    assumeChecksValues();
    List<Object> list = new ArrayList<>();
    list.add(list);
    Map<String, Object> map = new HashMap<>();
    map.put("list", List.of(map));
    TestRequest<?> request = begin(createSession("user", "ada"));

    for (Object value : List.of(list, map, nested(DEPTH))) {
      assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> request.set(NAME, value))
          .withMessageContainingAll("'" + NAME + "'", value.getClass().getName(),
              "nested too deeply, or contains itself");
    }
    assertThat(begin(request.finish()).session().getAttributeNames()).containsExactly("user");
  }

  @Test
  void refusesNameThatCannotBeStored() {
    assumeChecksValues();
    TestRequest<?> request = begin(createSession("user", "ada"));

    for (String name : List.of(HALF_OF_PAIR, "a\ude80", "\ude80\ud83d")) {
      assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> request.set(name, "value"))
          .withMessageContaining("name").withMessageContaining("Unicode");
    }
    assertThat(begin(request.set("\ud83d\ude80", "value").finish()).session().getAttributeNames())
        .containsExactlyInAnyOrder("user", "\ud83d\ude80");
  }

  /** As written by a version of the application whose types this one has not. */
  static final class OfOtherVersion implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) throws ObjectStreamException {
      throw new InvalidObjectException("written by another version");
    }
  }

  /**
   * Not with an error until it expires. Strategies that check values refuse this one when it is set, and have tests of
   * their own for damaged bytes; a store whose members read what they receive may refuse to save it.
   */
  @Test
  void attributeThatCannotBeReadEndsSession() {
    Assumptions.assumeFalse(meets(ContractClause.STORES_ONLY_ALLOWED_TYPES), "the strategy checks values when set");
    String other = createSession("user", "bob");
    TestRequest<?> login = open().set("user", "ada").set(NAME, new OfOtherVersion());
    boolean saved = catchThrowableOfType(SessionStoreException.class, login::finish) == null;

    assertThat(saved && !findsNothing(login.session().getId())).isFalse();
    assertThat(begin(other).<String>get("user")).isEqualTo("bob");
    assertThat(begin(createSession("user", "ada")).<String>get("user")).isEqualTo("ada");
  }

  private void assumeChecksValues() {
    Assumptions.assumeTrue(meets(ContractClause.STORES_ONLY_ALLOWED_TYPES), "the strategy declares that it stores all");
  }
}
