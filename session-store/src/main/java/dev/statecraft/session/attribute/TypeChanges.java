package dev.statecraft.session.attribute;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds values whose type JSON does not keep. Where the declared type of an element is unknown, as in a collection of
 * any type, NaN would be read as text, and the key 1 of a map as "1".
 */
final class TypeChanges {
  private static final String JDK = "java.";

  private TypeChanges() {}

  /**
   * Returns what a reader would find changed, for an error message; empty if nothing is. Objects of the application
   * other than records are not searched, because their Jackson annotations may leave out fields.
   *
   * @param written no more nested than Jackson can write
   * @param read the same value after it was written and read
   */
  static Optional<String> find(@Nullable Object written, @Nullable Object read) {
    if (written == null || read == null) {
      return Optional.empty();
    }
    return switch (written) {
      case Map<?, ?> map when read instanceof Map<?, ?> other -> inMap(map, other);
      case Collection<?> elements when read instanceof Collection<?> others -> inElements(elements, others);
      case Object[] elements when read instanceof Object[] others -> inElements(Arrays.asList(elements),
          Arrays.asList(others));
      case Optional<?> value when read instanceof Optional<?> other -> find(value.orElse(null), other.orElse(null));
      case Record holder -> holder.getClass() == read.getClass() ? inComponents(holder, read) : Optional.empty();
      case Number number when read instanceof Number -> Optional.empty();
      default -> isChanged(written.getClass(), read.getClass())
          ? Optional.of(describe("a value", written, read))
          : Optional.empty();
    };
  }

  private static boolean isChanged(Class<?> written, Class<?> read) {
    return written.getName().startsWith(JDK) && !written.isAssignableFrom(read);
  }

  private static String describe(String what, Object written, Object read) {
    return what + " in it of type " + written.getClass().getName() + " would be read as " + read.getClass().getName()
        + "; put it into a class that declares its type";
  }

  private static Optional<String> inMap(Map<?, ?> written, Map<?, ?> read) {
    // A field name of JSON is text.
    boolean hasTextKey = read.keySet().stream().anyMatch(String.class::isInstance);
    if (hasTextKey) {
      for (Object key : written.keySet()) {
        if (key != null && !(key instanceof String)) {
          return Optional.of(describe("a map key", key, ""));
        }
      }
    }
    for (Map.Entry<?, ?> entry : written.entrySet()) {
      Optional<String> change = find(entry.getValue(), read.get(entry.getKey()));
      if (change.isPresent()) {
        return change;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> inElements(Collection<?> written, Collection<?> read) {
    if (!(written instanceof List<?>)) {
      // In no order that stays.
      List<Class<?>> classes = read.stream().filter(Objects::nonNull).<Class<?>>map(Object::getClass).toList();
      return written.stream()
          .filter(Objects::nonNull)
          .filter(element -> classes.stream().allMatch(type -> isChanged(element.getClass(), type)))
          .findAny()
          .map(element -> describe("a value", element, ""));
    }
    Iterator<?> others = read.iterator();
    for (Object element : written) {
      Optional<String> change = others.hasNext() ? find(element, others.next()) : Optional.empty();
      if (change.isPresent()) {
        return change;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> inComponents(Record written, Object read) {
    List<@Nullable Object> values = ValueShape.components(written);
    return values.isEmpty() ? Optional.empty() : inElements(values, ValueShape.components((Record) read));
  }
}
