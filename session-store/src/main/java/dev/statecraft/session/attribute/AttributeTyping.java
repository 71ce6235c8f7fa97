package dev.statecraft.session.attribute;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TreeNode;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.ClassNameIdResolver;
import tools.jackson.databind.jsontype.impl.DefaultTypeResolverBuilder;

/**
 * Writes a class name where the declared type does not tell which class to create: {@code Object}, interfaces and
 * abstract classes of applications. A collection or a concrete class needs none, which keeps the JSON small.
 */
final class AttributeTyping extends DefaultTypeResolverBuilder {
  private static final long serialVersionUID = 1;
  /** Jackson reads and writes the abstract types of these packages itself. */
  private static final List<String> HANDLED_PACKAGES = List.of("java.lang.", "java.util.", "java.time.", "java.net.",
      "java.math.");

  AttributeTyping(PolymorphicTypeValidator validator) {
    super(validator, DefaultTyping.OBJECT_AND_NON_CONCRETE, JsonTypeInfo.As.PROPERTY);
  }

  private AttributeTyping(AttributeTyping base, Class<?> defaultType) {
    super(base, defaultType);
  }

  @Override
  public DefaultTypeResolverBuilder withDefaultImpl(Class<?> defaultType) {
    return new AttributeTyping(this, defaultType);
  }

  @Override
  public boolean useForType(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (type.isJavaLangObject() || raw == Serializable.class) {
      return true;
    }
    return !type.isConcrete() && !type.isContainerType() && !type.isReferenceType()
        && !TreeNode.class.isAssignableFrom(raw)
        && HANDLED_PACKAGES.stream().noneMatch(raw.getName()::startsWith)
        && !isScalar(raw);
  }

  /** A type with a value method, such as a sealed interface that is written as a name, creates its instances itself. */
  private static boolean isScalar(Class<?> type) {
    return Arrays.<AnnotatedElement>stream(type.getMethods())
        .anyMatch(method -> method.isAnnotationPresent(JsonValue.class));
  }

  @Override
  protected TypeIdResolver idResolver(DatabindContext context, JavaType baseType, PolymorphicTypeValidator validator,
      Collection<NamedType> subtypes, boolean forSerialization, boolean forDeserialization) {
    return new CheckedNames(baseType, subtypes, validator);
  }

  /** Checks all names in a generic type before Jackson loads the first of them. */
  private static final class CheckedNames extends ClassNameIdResolver {
    private static final long serialVersionUID = 1;

    private static final Pattern GENERIC_SYNTAX = Pattern.compile("[<>,]");

    private final PolymorphicTypeValidator validator;
    private final JavaType base;

    CheckedNames(JavaType base, Collection<NamedType> subtypes, PolymorphicTypeValidator validator) {
      super(base, subtypes, validator);
      this.base = base;
      this.validator = validator;
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String id) throws JacksonException {
      if (id.indexOf('<') > 0) {
        for (String name : GENERIC_SYNTAX.split(id, -1)) {
          if (!name.isEmpty() && !name.equals(Object.class.getName())
              && validator.validateSubClassName(context, base, name) == PolymorphicTypeValidator.Validity.DENIED) {
            return super.typeFromId(context, name);
          }
        }
      }
      return super.typeFromId(context, id);
    }
  }
}
