package dev.statecraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributeChangesTest {
  private static final Map<String, String> STORED = Map.of("kept", "a", "replaced", "b", "removed", "c");

  private final AttributeChanges changes = new AttributeChanges();

  @Test
  void whatIsStoredAfterwardsHasWhatWasSetAndLacksWhatWasRemoved() {
    makeSome();

    assertThat(changes.over(STORED, value -> "new " + value))
        .isEqualTo(Map.of("kept", "a", "replaced", "new B", "added", "new D"));
    assertThat(changes.namesOver(STORED.keySet())).isEqualTo(Set.of("kept", "replaced", "added"));
  }

  @Test
  void whatWasStoredBeforeIsLeftAlone() {
    Map<String, String> stored = new HashMap<>(STORED);
    makeSome();

    changes.over(stored, String::valueOf).put("another", "e");
    changes.namesOver(stored.keySet()).clear();

    assertThat(stored).isEqualTo(STORED);
  }

  @Test
  void aRemovedAttributeIsNotTakenForOneThatWasLeftAlone() {
    makeSome();

    assertThat(changes.has("removed")).isTrue();
    assertThat(changes.get("removed")).isNull();
    assertThat(changes.has("kept")).isFalse();
    assertThat(changes.names()).containsExactlyInAnyOrder("replaced", "removed", "added", "neverThere");
  }

  @Test
  void theLastChangeOfAnAttributeCounts() {
    changes.set("item", "tea");
    changes.set("item", null);
    assertThat(changes.namesOver(Set.of("item"))).isEmpty();

    changes.set("item", "milk");
    assertThat(changes.get("item")).isEqualTo("milk");
  }

  @Test
  void eachChangeIsToldOnceWithItsValue() {
    makeSome();

    Map<String, String> told = new HashMap<>();
    changes.forEach((name, value) -> told.merge(name, String.valueOf(value), String::concat));

    assertThat(told).isEqualTo(Map.of("replaced", "B", "removed", "null", "added", "D", "neverThere", "null"));
  }

  @Test
  void changesThatWereTakenBackChangeNothing() {
    assertThat(changes.isEmpty()).isTrue();
    makeSome();
    assertThat(changes.isEmpty()).isFalse();

    changes.clear();

    assertThat(changes.isEmpty()).isTrue();
    assertThat(changes.has("removed")).isFalse();
    assertThat(changes.over(STORED, String::valueOf)).isEqualTo(STORED);
  }

  private void makeSome() {
    changes.set("replaced", "B");
    changes.set("removed", null);
    changes.set("added", "D");
    changes.set("neverThere", null);
  }
}
