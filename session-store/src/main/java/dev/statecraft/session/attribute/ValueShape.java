package dev.statecraft.session.attribute;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The classes of a value that never changes: a string, a number, an enum constant, or a record or immutable list of
 * such values. Of two values of one shape, either both can be read after they were written, or neither.
 *
 * @param classes in the order in which the value holds them; equal neighbours in a list count once
 */
record ValueShape(List<Class<?>> classes) {
  /** A larger value is not worth the search. */
  private static final int MAX_CLASSES = 32;
  /** Classes whose values have one form in JSON. Numbers with a fraction do not: NaN is written as text. */
  private static final Set<Class<?>> LEAVES = Set.of(String.class, Boolean.class, Integer.class, Long.class,
      Short.class, Byte.class, UUID.class);
  /** List.of, List.copyOf and Stream.toList. */
  private static final String IMMUTABLE_COLLECTIONS = "java.util.ImmutableCollections$";
  /** The accessors of a record; empty if it is in a Java module that is not open. */
  private static final ClassValue<Optional<List<Method>>> ACCESSORS = new ClassValue<>() {
    @Override
    protected Optional<List<Method>> computeValue(Class<?> type) {
      List<Method> accessors = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getAccessor).toList();
      return accessors.stream().allMatch(AccessibleObject::trySetAccessible)
          ? Optional.of(accessors)
          : Optional.empty();
    }
  };

  ValueShape {
    classes = List.copyOf(classes);
  }

  /** Returns the shape of a value; empty if the value may change, or if it is unknown whether it may. */
  static Optional<ValueShape> of(Object value) {
    List<Class<?>> classes = new ArrayList<>();
    return add(value, classes) ? Optional.of(new ValueShape(classes)) : Optional.empty();
  }

  private static boolean add(@Nullable Object value, List<Class<?>> classes) {
    if (classes.size() == MAX_CLASSES) {
      return false;
    }
    Class<?> type = value == null ? Void.class : value.getClass();
    boolean immutableList = value instanceof List<?> && type.getName().startsWith(IMMUTABLE_COLLECTIONS);
    // There are several classes of immutable lists.
    classes.add(immutableList ? List.class : type);
    return value == null || LEAVES.contains(type) || value instanceof Enum<?>
        || (value instanceof Record holder && addComponents(holder, classes))
        || (immutableList && addElements((List<?>) value, classes));
  }

  /** Returns the values of a record's components; empty if they cannot be read. */
  static List<@Nullable Object> components(Record holder) {
    Optional<List<Method>> accessors = ACCESSORS.get(holder.getClass());
    List<@Nullable Object> values = new ArrayList<>();
    try {
      for (Method accessor : accessors.orElse(List.of())) {
        values.add(accessor.invoke(holder));
      }
      return values;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return List.of();
    }
  }

  private static boolean addComponents(Record holder, List<Class<?>> classes) {
    List<@Nullable Object> values = components(holder);
    boolean readable = ACCESSORS.get(holder.getClass()).filter(all -> all.size() == values.size()).isPresent();
    return readable && values.stream().allMatch(value -> add(value, classes));
  }

  private static boolean addElements(List<?> list, List<Class<?>> classes) {
    Class<?> previous = null;
    for (Object element : list) {
      boolean repeated = element != null && element.getClass() == previous && LEAVES.contains(previous);
      if (!repeated && !add(element, classes)) {
        return false;
      }
      previous = element == null ? null : element.getClass();
    }
    return true;
  }
}
