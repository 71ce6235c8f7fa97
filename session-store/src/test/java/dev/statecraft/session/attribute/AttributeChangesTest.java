package dev.statecraft.session.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributeChangesTest {
  private static final Map<String, String> STORED = Map.of("kept", "a", "replaced", "b", "removed", "c");

  private final AttributeChanges changes = new AttributeChanges();

  @Test
  void appliesSetAndRemovedAttributes() {
    makeChanges();

    assertThat(changes.appliedTo(STORED, value -> "new " + value.value()))
        .isEqualTo(Map.of("kept", "a", "replaced", "new B", "added", "new D"));
    assertThat(changes.namesAppliedTo(STORED.keySet())).isEqualTo(Set.of("kept", "replaced", "added"));
  }

  @Test
  void doesNotModifyStoredAttributes() {
    Map<String, String> stored = new HashMap<>(STORED);
    makeChanges();

    changes.appliedTo(stored, value -> "x").put("another", "e");
    changes.namesAppliedTo(stored.keySet()).clear();

    assertThat(stored).isEqualTo(STORED);
  }

  @Test
  void tellsRemovedFromUnchangedAttributes() {
    makeChanges();

    assertThat(changes.has("removed")).isTrue();
    assertThat(changes.get("removed")).isNull();
    assertThat(changes.has("kept")).isFalse();
  }

  @Test
  void laterChangeReplacesEarlierOne() {
    changes.set("item", attribute("tea"));
    changes.set("item", null);
    assertThat(changes.namesAppliedTo(Set.of("item"))).isEmpty();

    StoredAttribute milk = attribute("milk");
    changes.set("item", milk);
    assertThat(changes.get("item")).isSameAs(milk);
  }

  @Test
  void forEachPassesEachChangeOnce() {
    makeChanges();

    Map<String, String> seen = new HashMap<>();
    changes
        .forEach((name, value) -> seen.merge(name, value == null ? "null" : value.value().toString(), String::concat));

    assertThat(seen).isEqualTo(Map.of("replaced", "B", "removed", "null", "added", "D", "neverThere", "null"));
  }

  @Test
  void clearDropsAllChanges() {
    assertThat(changes.isEmpty()).isTrue();
    makeChanges();
    assertThat(changes.isEmpty()).isFalse();

    changes.clear();

    assertThat(changes.isEmpty()).isTrue();
    assertThat(changes.has("removed")).isFalse();
    assertThat(changes.appliedTo(STORED, value -> "x")).isEqualTo(STORED);
  }

  private static StoredAttribute attribute(String value) {
    return new StoredAttribute(value, null);
  }

  private void makeChanges() {
    changes.set("replaced", attribute("B"));
    changes.set("removed", null);
    changes.set("added", attribute("D"));
    changes.set("neverThere", null);
  }
}
