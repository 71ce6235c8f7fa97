package dev.statecraft.session.attribute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTypesTest {
  enum Color {
    RED, GREEN {
      @Override
      public String toString() {
        return "green";
      }
    }
  }

  record Point(int x, @Nullable Integer y) {}

  @SessionType
  record Marked(String name) {}

  @Retention(RetentionPolicy.RUNTIME)
  @interface Storable {
  }

  @Storable
  record Stored(String name) {}

  /** An interface without annotations, as applications have them. */
  interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(BigDecimal side) implements Shape {}

  record Drawing(List<Shape> shapes, Map<String, Shape> named, Shape frame, Optional<Shape> selected) {}

  /** A class with setters instead of a constructor. */
  static final class Bean {
    private String name = "";
    private List<Point> points = List.of();

    public String getName() {
      return name;
    }

    public void setName(String newName) {
      name = newName;
    }

    public List<Point> getPoints() {
      return points;
    }

    public void setPoints(List<Point> newPoints) {
      points = newPoints;
    }
  }

  /** Declares types that JSON alone does not keep. */
  record Typed(Map<Integer, String> names, double ratio, List<Double> ratios, Number number, Optional<Integer> choice,
      Set<Long> ids, Map<Color, List<Float>> shades) {}

  private static final AttributeCodec CODEC = new AttributeCodec(List.of(
      Typed.class, Color.class, Point.class, Circle.class, Square.class, Drawing.class, Bean.class));

  @SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // applications may store them
  static Stream<Object> values() {
    EnumMap<Color, Object> counts = new EnumMap<>(Color.class);
    counts.put(Color.RED, 1L);
    return Stream.of(
        "text", 'c', true, (byte) 1, (short) 2, 3, 4L, 5.5f, 6.5, new BigDecimal("1.50"), new BigInteger("99999999999"),
        UUID.randomUUID(), Locale.forLanguageTag("de-CH"), URI.create("http://a/b"), Currency.getInstance("EUR"),
        new Date(1_700_000_000_123L), Instant.parse("2026-01-02T03:04:05.123456789Z"), Duration.ofNanos(1_234_567_891),
        Period.ofDays(3), LocalDate.of(2026, 1, 2), LocalTime.of(3, 4, 5, 6), LocalDateTime.of(2026, 1, 2, 3, 4),
        OffsetDateTime.parse("2026-01-02T03:04:05.6+02:00"),
        ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneId.of("Europe/Paris")), ZoneId.of("Europe/Paris"),
        ZoneOffset.ofHours(2), Year.of(2026), YearMonth.of(2026, 1), MonthDay.of(1, 2), DayOfWeek.MONDAY,
        new int[]{1, 2}, new String[]{"a"}, new byte[]{1, 2, 3},
        new Point[]{new Point(1, 2)}, List.of(), List.of(1, "b", 3L), List.of(new Point(1, 2)), Set.of("a", "b"),
        Map.of("a", 1L), Map.of(), Stream.of("a", "b").toList(), Arrays.asList("a", "b"), Collections.emptyList(),
        Collections.singletonList("a"), Collections.unmodifiableList(new ArrayList<>(List.of("a"))),
        Collections.unmodifiableMap(new HashMap<>(Map.of("a", Color.RED))), new ArrayList<>(List.of("a")),
        new LinkedList<>(List.of("a")), new HashSet<>(Set.of(1L)), new LinkedHashSet<>(List.of("a", "b")),
        new TreeSet<>(List.of("b", "a")), new TreeMap<>(Map.of("b", 1, "a", 2)), new LinkedHashMap<>(Map.of("a", 1)),
        new ConcurrentHashMap<>(Map.of("a", 1)), new CopyOnWriteArrayList<>(List.of("a")), Color.RED, Color.GREEN,
        EnumSet.of(Color.RED), counts, new Point(1, null), List.of(counts), Map.of("a", new TreeSet<>(Set.of(2L, 1L))),
        new Typed(Map.of(1, "one"), Double.NaN, List.of(Double.NEGATIVE_INFINITY, 1.0), 5, Optional.of(1),
            Set.of(1L, 2L), Map.of(Color.RED, List.of(1.5f))),
        new Drawing(List.of(new Circle(1.5), new Square(new BigDecimal("2.50"))), Map.of("a", new Circle(2)),
            new Circle(3), Optional.of(new Circle(4))));
  }

  @ParameterizedTest
  @MethodSource("values")
  void readsWhatItWrote(Object value) {
    Object read = CODEC.decode(CODEC.encode(CODEC.accept("any", value, null))).value();

    if (value.getClass().isArray()) {
      assertThat(read.getClass()).isEqualTo(value.getClass());
      assertThat(Arrays.deepEquals(new Object[]{read}, new Object[]{value})).isTrue();
    } else {
      assertThat(read).isEqualTo(value);
    }
  }

  @Test
  void refusesValueThatWouldChangeItsType() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> CODEC.accept("choice", Optional.of("x"), null))
        .withMessageContaining("'choice'")
        .withMessageContaining("would be read as java.lang.String");
  }

  @Test
  void refusesNumberThatIsTooLongToBeRead() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> CODEC.accept("number", new BigInteger("9".repeat(1_001)), null))
        .withMessageContaining("'number'").withMessageContaining("1001");
  }

  @Test
  void refusesMapKeyThatWouldBecomeText() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> CODEC.accept("names", List.of(Map.of(1, "one")), null))
        .withMessageContaining("'names'").withMessageContaining("java.lang.Integer")
        .withMessageContaining("would be read as java.lang.String").withMessageNotContaining("one");
  }

  @Test
  void readsBeans() {
    Bean bean = new Bean();
    bean.setName("b");
    bean.setPoints(List.of(new Point(1, 2)));

    assertThat(CODEC.decode(CODEC.encode(bean)).value()).usingRecursiveComparison().isEqualTo(bean);
  }

  @Test
  void concreteTypesNeedNoClassName() {
    assertThat(CODEC.encode(new Drawing(List.of(), Map.of(), new Circle(3), Optional.empty()))).asString()
        .isEqualTo("{\"@class\":\"" + Drawing.class.getName() + "\",\"shapes\":[],\"named\":{},\"frame\":{\"@class\":\""
            + Circle.class.getName() + "\",\"radius\":3.0},\"selected\":null}");
  }

  @Test
  void annotationAllowsType() {
    AttributeCodec codec = codec("@" + Storable.class.getName());

    assertThat(codec.decode(codec.encode(new Marked("a"))).value()).isEqualTo(new Marked("a"));
    assertThat(codec.decode(codec.encode(new Stored("a"))).value()).isEqualTo(new Stored("a"));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> codec.accept("p", new Point(1, 2), null));
  }

  @Test
  void packageAllowsItsTypes() {
    AttributeCodec codec = codec("dev.statecraft.session.attribute.*");

    assertThat(codec.decode(codec.encode(new Point(1, 2))).value()).isEqualTo(new Point(1, 2));
    AttributeCodec other = codec("dev.statecraft.session.attr.*");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> other.accept("p", new Point(1, 2), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no.such.Type", "@java.lang.String", "@no.such.Annotation", ".*", "*", "java.*", "java.util.*",
        "com..acme.*", "com.acme.[].*"})
  void rejectsInvalidEntries(String entry) {
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> codec(entry))
        .withMessageContaining("names");
  }

  @Test
  void genericTypeNameDoesNotSmuggleTypes() {
    for (String id : List.of("java.util.ArrayList<java.lang.ProcessBuilder>",
        "java.util.HashMap<java.lang.String,java.lang.ProcessBuilder>",
        "java.util.EnumSet<java.lang.ProcessBuilder>", "[Ljava.lang.ProcessBuilder;", "java.lang.Object",
        "java.util.ArrayList<no.such.Type>")) {
      assertThatExceptionOfType(UnreadableAttributeException.class).as(id)
          .isThrownBy(() -> CODEC.decode(("[\"" + id + "\",[[]]]").getBytes(UTF_8)));
    }
  }

  private static AttributeCodec codec(String entry) {
    ClassLoader loader = AttributeTypesTest.class.getClassLoader();
    return new AttributeCodec(AttributeTypes.parse(List.of(entry), loader), List.of(), loader, bytes -> {});
  }
}
