package dev.statecraft.session;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one request changes about the attributes of its session, before that is saved. Not thread-safe: it belongs to
 * its request, as every session of Spring Session.
 */
public final class AttributeChanges {
  /** A null value removes. */
  private final Map<String, @Nullable Object> changes = new HashMap<>();

  /** Begins with none. */
  public AttributeChanges() {}

  /** Sets an attribute, or removes it where the value is null; the last change of an attribute counts. */
  public void set(String name, @Nullable Object value) {
    changes.put(name, value);
  }

  /** Takes all of them back. */
  public void clear() {
    changes.clear();
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Whether the attribute was set or removed, so that {@link #get} tells what it is now. */
  public boolean has(String name) {
    return changes.containsKey(name);
  }

  /** The value that the attribute was set to; null where it was removed, or is not changed at all. */
  public @Nullable Object get(String name) {
    return changes.get(name);
  }

  /** The attributes that were set or removed: a view, which cannot be changed. */
  public Set<String> names() {
    return Collections.unmodifiableSet(changes.keySet());
  }

  /** Tells each change, in no particular order: the attribute, and its value or null where it was removed. */
  public void forEach(BiConsumer<String, @Nullable Object> action) {
    changes.forEach(action);
  }

  /**
   * What is to be stored once the changes are made.
   *
   * @param stored what is stored before; it is not changed
   * @param form makes of a value what is stored of it
   * @return a map of the caller's own
   */
  public <V> Map<String, V> over(Map<String, V> stored, Function<Object, V> form) {
    Map<String, V> after = new HashMap<>(stored);
    changes.forEach((name, value) -> {
      if (value == null) {
        after.remove(name);
      } else {
        after.put(name, form.apply(value));
      }
    });
    return after;
  }

  /**
   * The names of the attributes once the changes are made.
   *
   * @param stored those before; they are not changed
   * @return a set of the caller's own
   */
  public Set<String> namesOver(Set<String> stored) {
    Set<String> after = new HashSet<>(stored);
    changes.forEach((name, value) -> {
      if (value == null) {
        after.remove(name);
      } else {
        after.add(name);
      }
    });
    return after;
  }
}
