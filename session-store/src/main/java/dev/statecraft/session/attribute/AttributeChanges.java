package dev.statecraft.session.attribute;

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
  private final Map<String, @Nullable StoredAttribute> changes = new HashMap<>();

  /** Starts without changes. */
  public AttributeChanges() {}

  /** Sets an attribute, or removes it if the value is null. Replaces an earlier change of the same attribute. */
  public void set(String name, @Nullable StoredAttribute value) {
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
  public @Nullable StoredAttribute get(String name) {
    return changes.get(name);
  }

  /** Passes each changed attribute with its new value, null for a removed one, in no particular order. */
  public void forEach(BiConsumer<String, @Nullable StoredAttribute> action) {
    changes.forEach(action);
  }

  /**
   * Returns a new map: the stored attributes with the changes applied.
   *
   * @param stored is not modified
   * @param toStored makes the stored form of a value
   */
  public <V> Map<String, V> appliedTo(Map<String, V> stored, Function<StoredAttribute, V> toStored) {
    Map<String, V> result = new HashMap<>(stored);
    changes.forEach((name, value) -> {
      if (value == null) {
        result.remove(name);
      } else {
        result.put(name, toStored.apply(value));
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
