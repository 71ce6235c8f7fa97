package dev.statecraft.session.attribute;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.TypeFactory;

/**
 * Encodes session attributes as JSON and decodes them. It instantiates only the types of an allow-list, because stored
 * bytes are untrusted, and never uses Java serialization. Spring Security's Jackson modules are added if they are on
 * the class path. Thread-safe.
 */
public final class AttributeCodec {
  private static final int MAX_SHAPES = 1_000;
  private static final int MAX_UNREAD_BYTES = 1 << 20;
  private static final String TOO_DEEP = "it is nested too deeply, or contains itself";

  /** Shapes of values that could be read after they were written. */
  private final Set<ValueShape> readableShapes = ConcurrentHashMap.newKeySet();
  private final ObjectWriter writer;
  private final ObjectReader reader;
  private final ObjectReader treeReader;
  private final IntConsumer encodedBytes;

  /** Allows the given classes in addition to the value types and collections of the JDK. */
  public AttributeCodec(Collection<Class<?>> types) {
    this(AttributeTypes.of(types), List.of(), AttributeCodec.class.getClassLoader(), bytes -> {});
  }

  /**
   * Makes the codec of an application.
   *
   * @param modules the application's own Jackson modules, with its serializers and mix-ins
   * @param loader finds the types and Spring Security
   * @param encodedBytes is told the size of each attribute that is encoded to be stored
   */
  public AttributeCodec(AttributeTypes types, List<? extends JacksonModule> modules, ClassLoader loader,
      IntConsumer encodedBytes) {
    this.encodedBytes = encodedBytes;
    SecurityTypes security = SecurityTypes.find(loader);
    PolymorphicTypeValidator validator = new AllowedTypeValidator(types,
        security == null ? null : security.validator());
    JsonMapper.Builder builder = JsonMapper
        .builder()
        .annotationIntrospector(new UnknownFieldIntrospector())
        .addHandler(new UnknownFields.Collector())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        // A number that a new version of a type adds is 0 in what the old version wrote.
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .polymorphicTypeValidator(validator)
        .setDefaultTyping(new AttributeTyping(validator))
        // Also on threads of libraries, which have another context class loader than the requests.
        .typeFactory(TypeFactory.createDefaultInstance().withClassLoader(loader));
    if (security != null) {
      builder.addModules(security.modules());
    }
    JsonMapper mapper = builder.addModules(modules).addModule(new ExactDates()).build();
    writer = mapper.writerFor(Object.class);
    reader = mapper.readerFor(Object.class);
    treeReader = mapper.readerFor(JsonNode.class);
  }

  /** Encodes one attribute value as UTF-8 JSON. */
  public byte[] encode(Object value) {
    byte[] json = writer.writeValueAsBytes(value);
    return StoredCredentials.mayBeIn(value)
        ? writer.forType(JsonNode.class).writeValueAsBytes(StoredCredentials.removedFrom(treeReader.readValue(json)))
        : json;
  }

  /**
   * Encodes an attribute as UTF-8 JSON, with the fields of another version that it holds. The bytes must not be
   * modified.
   */
  public byte[] encode(StoredAttribute attribute) {
    byte[] encoded = encodeWithUnknownFields(attribute);
    encodedBytes.accept(encoded.length);
    return encoded;
  }

  private byte[] encodeWithUnknownFields(StoredAttribute attribute) {
    byte[] original = attribute.original();
    byte[] known = attribute.encoded();
    byte[] encoded = known == null ? encode(attribute.value()) : known;
    if (original == null) {
      return encoded;
    }
    Set<String> unknown = new HashSet<>();
    Object old = read(original, unknown);
    JsonNode changed = treeReader.readValue(encoded);
    new UnknownFields(unknown).addTo(changed, treeReader.readValue(original), treeReader.readValue(encode(old)));
    return writer.forType(JsonNode.class).writeValueAsBytes(changed);
  }

  /**
   * Decodes one attribute.
   *
   * @throws UnreadableAttributeException if {@link #encode} did not write the bytes, or if they name a type that is not
   * allowed
   */
  public StoredAttribute decode(byte[] bytes) {
    Set<String> unknown = new HashSet<>();
    Object value = read(bytes, unknown);
    return new StoredAttribute(value, unknown.isEmpty() ? null : bytes);
  }

  private Object read(byte[] bytes, Set<String> unknown) {
    Object value;
    try {
      value = reader.withAttribute(UnknownFields.collectorKey(), unknown).readValue(bytes);
    } catch (JacksonException e) {
      throw new UnreadableAttributeException(e);
    }
    if (value == null) {
      throw new UnreadableAttributeException(null);
    }
    return value;
  }

  /**
   * Accepts a new value of an attribute if it can be stored and read again.
   *
   * @param replaced the attribute that it replaces; its unknown fields are kept if the type is the same
   * @throws IllegalArgumentException if not, which is an error of the application; names attribute and type
   */
  public StoredAttribute accept(String name, Object value, @Nullable StoredAttribute replaced) {
    Optional<ValueShape> shape = ValueShape.of(value);
    byte[] encoded;
    try {
      encoded = encode(value);
      // Jackson limits the size of what it reads, not of what it writes.
      boolean known = encoded.length <= MAX_UNREAD_BYTES && shape.isPresent() && readableShapes.contains(shape.get());
      if (!known) {
        requireUnchanged(name, value, read(encoded, new HashSet<>()));
        if (shape.isPresent() && readableShapes.size() < MAX_SHAPES) {
          readableShapes.add(shape.get());
        }
      }
    } catch (JacksonException | UnreadableAttributeException e) {
      throw refusal(name, value, reason(e instanceof JacksonException ? e : e.getCause()), e);
    } catch (StackOverflowError e) {
      throw refusal(name, value, TOO_DEEP, null);
    }
    byte[] original = replaced != null && isSameType(value, replaced.value()) ? replaced.original() : null;
    return new StoredAttribute(value, original, shape.isPresent() ? encoded : null);
  }

  private static void requireUnchanged(String name, Object value, Object read) {
    if (!isSameType(value, read)) {
      throw refusal(name, value, "it would be read as " + read.getClass().getName(), null);
    }
    TypeChanges.find(value, read).ifPresent(change -> {
      throw refusal(name, value, change, null);
    });
  }

  /** Collections may be read as another class of the same kind. */
  private static boolean isSameType(Object one, Object other) {
    return one.getClass() == other.getClass()
        || (one instanceof Collection && other instanceof Collection)
        || (one instanceof Map && other instanceof Map)
        || (one instanceof Enum<?> constant && constant.getDeclaringClass().isInstance(other));
  }

  private static IllegalArgumentException refusal(String name, Object value, String reason,
      @Nullable Exception cause) {
    return new IllegalArgumentException("Session attribute '" + name + "' of type " + value.getClass().getName()
        + " cannot be stored: " + reason, cause);
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause instanceof InvalidTypeIdException denied) {
      return denied.getTypeId() + " is not an allowed type; add it to statecraft.session.attribute-types";
    }
    for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
      if (deeper instanceof StackOverflowError
          || (deeper instanceof StreamConstraintsException && isAboutNesting(deeper.getMessage()))) {
        return TOO_DEEP;
      }
    }
    return cause instanceof JacksonException failure ? failure.getOriginalMessage() : "its JSON is null";
  }

  private static boolean isAboutNesting(@Nullable String message) {
    return message != null && message.contains("nesting depth");
  }

  /** Unlike Jackson's BasicPolymorphicTypeValidator, rejects a type by its name, before its class is loaded. */
  private static final class AllowedTypeValidator extends PolymorphicTypeValidator {
    private static final long serialVersionUID = 1;

    private final transient AttributeTypes types;
    private final @Nullable PolymorphicTypeValidator libraryTypes;

    AllowedTypeValidator(AttributeTypes types, @Nullable PolymorphicTypeValidator libraryTypes) {
      this.types = types;
      this.libraryTypes = libraryTypes;
    }

    @Override
    public Validity validateBaseType(DatabindContext context, JavaType baseType) {
      return Validity.INDETERMINATE;
    }

    @Override
    public Validity validateSubClassName(DatabindContext context, JavaType baseType, String subClassName) {
      if (types.allows(subClassName)) {
        return Validity.ALLOWED;
      }
      boolean ofSecurity = subClassName.startsWith("org.springframework.security.")
          || subClassName.equals("jakarta.servlet.http.Cookie");
      return libraryTypes != null && ofSecurity ? Validity.INDETERMINATE : Validity.DENIED;
    }

    @Override
    public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType subType) {
      if (types.allows(subType.getRawClass().getName())) {
        return Validity.ALLOWED;
      }
      return libraryTypes == null ? Validity.DENIED : libraryTypes.validateSubType(context, baseType, subType);
    }
  }

  /** Also reports unknown fields of types that ask to ignore them: they are still ignored, but not lost. */
  private static final class UnknownFieldIntrospector extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
      return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
    }
  }

  /** Reads a date and time as it was written, with its zone. Added last, because Spring Security's modules differ. */
  private static final class ExactDates extends SimpleModule {
    private static final long serialVersionUID = 1;

    ExactDates() {
      super("statecraft-exact-dates");
    }

    @Override
    public void setupModule(SetupContext context) {
      ((MapperBuilder<?, ?>) context.getOwner())
          .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
          .disable(
              DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
              DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE);
    }
  }
}
