package dev.statecraft.session;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The attributes that one request set or removed and has not saved yet. Not thread-safe: it belongs to one request. */
public final class AttributeChanges {
  /** A null value removes. */
  private final Map<String, @Nullable Object> changes = new HashMap<>();

  /** Starts without changes. */
  public AttributeChanges() {}

  /** Sets an attribute, or removes it if the value is null. Replaces an earlier change of the same attribute. */
  public void set(String name, @Nullable Object value) {
    changes.put(name, value);
  }

  /** Drops all changes. */
  public void clear() {
    changes.clear();
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Tells whether the attribute was set or removed. */
  public boolean has(String name) {
    return changes.containsKey(name);
  }

  /** Returns the value that was set; null if the attribute was removed or not changed. */
  public @Nullable Object get(String name) {
    return changes.get(name);
  }

  /** Returns the names of the changed attributes as an unmodifiable view. */
  public Set<String> names() {
    return Collections.unmodifiableSet(changes.keySet());
  }

  /** Passes each changed attribute with its new value, null for a removed one, in no particular order. */
  public void forEach(BiConsumer<String, @Nullable Object> action) {
    changes.forEach(action);
  }

  /**
   * Returns a new map: the stored attributes with the changes applied.
   *
   * @param stored is not modified
   * @param encoder makes the stored form of a value
   */
  public <V> Map<String, V> appliedTo(Map<String, V> stored, Function<Object, V> encoder) {
    Map<String, V> result = new HashMap<>(stored);
    changes.forEach((name, value) -> {
      if (value == null) {
        result.remove(name);
      } else {
        result.put(name, encoder.apply(value));
      }
    });
    return result;
  }

  /**
   * Returns a new set: the names of the stored attributes with the changes applied.
   *
   * @param stored is not modified
   */
  public Set<String> namesAppliedTo(Set<String> stored) {
    Set<String> result = new HashSet<>(stored);
    changes.forEach((name, value) -> {
      if (value == null) {
        result.remove(name);
      } else {
        result.add(name);
      }
    });
    return result;
  }
}
