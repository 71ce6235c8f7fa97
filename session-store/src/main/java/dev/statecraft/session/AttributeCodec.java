package dev.statecraft.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

/**
 * Encodes session attributes as JSON and decodes them. It writes and instantiates only the types of an allow-list,
 * because stored bytes are untrusted. It never uses Java serialization. Thread-safe.
 */
public final class AttributeCodec {
  private static final List<Class<?>> BUILT_IN_TYPES = List.of(String.class, Boolean.class, Integer.class, Long.class,
      Double.class, UUID.class, Instant.class, Duration.class);

  private final Map<String, Class<?>> allowed;
  private final ObjectWriter writer;
  private final ObjectReader reader;

  /** Allows the given types in addition to strings, numbers, booleans, UUIDs, instants and durations. */
  public AttributeCodec(Collection<Class<?>> types) {
    Map<String, Class<?>> byName = new HashMap<>();
    BUILT_IN_TYPES.forEach(type -> byName.put(type.getName(), type));
    types.forEach(type -> byName.put(type.getName(), type));
    allowed = Map.copyOf(byName);
    JsonMapper mapper = JsonMapper.builder().activateDefaultTyping(new AllowedTypeValidator(allowed),
        // Components of a record have declared types and need no type name.
        DefaultTyping.JAVA_LANG_OBJECT, JsonTypeInfo.As.PROPERTY).build();
    writer = mapper.writerFor(Object.class);
    reader = mapper.readerFor(Object.class);
  }

  /** Allows the types that {@code statecraft.session.attribute-types} names. */
  public static AttributeCodec of(SessionProperties properties, ClassLoader classes) {
    Function<String, Class<?>> load = name -> {
      try {
        return Class.forName(name, false, classes);
      } catch (ClassNotFoundException e) {
        throw new InvalidSettingException("statecraft.session.attribute-types",
            "names " + name + ", which is not on the class path", "full class names");
      }
    };
    return new AttributeCodec(properties.attributeTypes().stream().map(load).collect(Collectors.toList()));
  }

  /**
   * Encodes one attribute value as UTF-8 JSON.
   *
   * @throws IllegalArgumentException if its type is not allowed, which is an error of the application
   */
  public byte[] encode(Object value) {
    if (!allowed.containsKey(value.getClass().getName())) {
      throw new IllegalArgumentException(
          value.getClass().getName() + " is not in statecraft.session.attribute-types; add it there");
    }
    return writer.writeValueAsBytes(value);
  }

  /**
   * Decodes one attribute value.
   *
   * @throws UnreadableAttributeException if {@link #encode} did not write the bytes, or if they name a type that is not
   * allowed
   */
  public Object decode(byte[] bytes) {
    Object value;
    try {
      value = reader.readValue(bytes);
    } catch (JacksonException e) {
      throw new UnreadableAttributeException(e);
    }
    if (value == null) {
      throw new UnreadableAttributeException(null);
    }
    return value;
  }

  /** Unlike Jackson's BasicPolymorphicTypeValidator, rejects a type by its name, before its class is loaded. */
  private static final class AllowedTypeValidator extends PolymorphicTypeValidator {
    private final Map<String, Class<?>> allowed;

    AllowedTypeValidator(Map<String, Class<?>> allowed) {
      this.allowed = allowed;
    }

    @Override
    public Validity validateBaseType(DatabindContext context, JavaType baseType) {
      return Validity.INDETERMINATE;
    }

    @Override
    public Validity validateSubClassName(DatabindContext context, JavaType baseType, String subClassName) {
      return allowed.containsKey(subClassName) ? Validity.ALLOWED : Validity.DENIED;
    }

    @Override
    public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType subType) {
      return allowed.get(subType.getRawClass().getName()) == subType.getRawClass() ? Validity.ALLOWED : Validity.DENIED;
    }
  }
}
