package dev.statecraft.session.attribute;

import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes that may be stored as session attributes: common value types and collections of the JDK, and those that
 * the application lists. Immutable.
 */
public final class AttributeTypes {
  private static final Set<String> JDK_TYPES = Stream
      .concat(
          Stream.of("String", "Boolean", "Byte", "Short", "Integer", "Long", "Float", "Double", "Character")
              .map(name -> "java.lang." + name),
          Stream.of("java.math.BigDecimal", "java.math.BigInteger", "java.net.URI", "java.util.UUID",
              "java.util.Locale", "java.util.Date", "java.util.Currency", "java.util.Optional",
              "java.util.OptionalInt", "java.util.OptionalLong", "java.util.OptionalDouble", "java.util.ArrayList",
              "java.util.LinkedList", "java.util.ArrayDeque", "java.util.PriorityQueue", "java.util.Vector",
              "java.util.HashSet", "java.util.LinkedHashSet", "java.util.TreeSet", "java.util.EnumSet",
              "java.util.HashMap", "java.util.LinkedHashMap", "java.util.TreeMap", "java.util.EnumMap",
              "java.util.concurrent.ConcurrentHashMap", "java.util.concurrent.ConcurrentSkipListMap",
              "java.util.concurrent.ConcurrentSkipListSet", "java.util.concurrent.CopyOnWriteArrayList",
              "java.util.concurrent.CopyOnWriteArraySet", "java.util.Arrays$ArrayList"))
      .collect(Collectors.toUnmodifiableSet());
  /** Unmodifiable, synchronized, singleton and empty collections, and JSON. */
  private static final List<String> SAFE_PREFIXES = List.of("java.util.Collections$", "java.util.ImmutableCollections$",
      "tools.jackson.databind.node.");
  private static final String TIME_PACKAGE = "java.time.";

  private final Set<String> classes;
  private final List<String> packagePrefixes;
  private final List<Class<? extends Annotation>> annotations;
  private final ClassLoader loader;

  private AttributeTypes(Set<String> classes, List<String> packagePrefixes,
      List<Class<? extends Annotation>> annotations, ClassLoader loader) {
    this.classes = Set.copyOf(classes);
    this.packagePrefixes = List.copyOf(packagePrefixes);
    this.annotations = List.copyOf(annotations);
    this.loader = loader;
  }

  /** Allows classes in addition to those of the JDK. */
  public static AttributeTypes of(Collection<Class<?>> types) {
    return new AttributeTypes(
        types.stream().map(Class::getName).collect(Collectors.toSet()),
        List.of(),
        List.of(SessionType.class),
        AttributeTypes.class.getClassLoader());
  }

  /**
   * Allows what a list of entries names: {@code com.acme.Cart} a class, {@code com.acme.shop.*} the classes of a
   * package and of the packages below it, {@code @com.acme.Storable} the classes that carry an annotation.
   *
   * @throws IllegalArgumentException if an entry names no class or annotation of the class path; its message continues
   * a sentence that begins with the name of the setting
   */
  public static AttributeTypes parse(List<String> entries, ClassLoader loader) {
    Set<String> classes = new HashSet<>();
    List<String> packages = new ArrayList<>();
    List<Class<? extends Annotation>> annotations = new ArrayList<>(List.of(SessionType.class));
    for (String entry : entries) {
      if (entry.endsWith(".*")) {
        packages.add(packagePrefix(entry));
      } else if (entry.startsWith("@")) {
        Class<?> annotation = load(entry.substring(1), loader);
        if (!annotation.isAnnotation()) {
          throw new IllegalArgumentException("names " + entry + ", which is not an annotation");
        }
        annotations.add(annotation.asSubclass(Annotation.class));
      } else {
        classes.add(load(entry, loader).getName());
      }
    }
    return new AttributeTypes(classes, packages, annotations, loader);
  }

  private static String packagePrefix(String entry) {
    String prefix = entry.substring(0, entry.length() - 1);
    boolean valid = Arrays
        .stream(prefix.split("\\.", -1))
        .limit(prefix.chars().filter(c -> c == '.').count())
        .allMatch(part -> !part.isEmpty() && part.chars().allMatch(Character::isJavaIdentifierPart));
    if (!valid || prefix.startsWith("java.")) {
      throw new IllegalArgumentException("names the package " + entry + ", which cannot be allowed");
    }
    return prefix;
  }

  private static Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalArgumentException("names " + name + ", which is not on the class path", e);
    }
  }

  /** Tells whether the class of this name is allowed. Runs no code of the class. */
  boolean allows(String className) {
    String name = className;
    if (name.startsWith("[")) {
      String element = name.replaceFirst("^\\[+", "");
      if (element.length() == 1) {
        return true;
      }
      name = element.substring(1, element.length() - 1);
    }
    return allowsName(name) || isAnnotated(name);
  }

  private boolean allowsName(String name) {
    return JDK_TYPES.contains(name) || classes.contains(name)
        || SAFE_PREFIXES.stream().anyMatch(name::startsWith)
        || (name.startsWith(TIME_PACKAGE) && name.indexOf('.', TIME_PACKAGE.length()) < 0)
        || packagePrefixes.stream().anyMatch(name::startsWith);
  }

  private boolean isAnnotated(String name) {
    try {
      Class<?> type = Class.forName(name, false, loader);
      return annotations.stream().anyMatch(annotation -> type.getDeclaredAnnotation(annotation) != null);
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
