package dev.statecraft.chart.schema;

import com.google.gson.annotations.SerializedName;
import io.swagger.annotations.ApiModelProperty;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * The schema that a generated model class describes: fields, their types, and which are required. Reads the models of
 * Kubernetes' Java client (annotations of Gson and Swagger) and of fabric8 (annotations of Jackson). Thread-safe.
 */
final class ModelSchema {
  private static final Map<Class<?>, ModelSchema> SCHEMAS = new ConcurrentHashMap<>();
  private static final Set<String> SCALARS_OF_ANY_KIND = Set.of("IntOrString", "Quantity");

  private final Map<String, Type> fields = new HashMap<>();
  private final Set<String> required = new HashSet<>();

  private ModelSchema(Class<?> model) {
    for (Field field : model.getDeclaredFields()) {
      String name = jsonName(field);
      if (!name.isEmpty()) {
        fields.put(name, field.getGenericType());
        if (isRequired(model, field)) {
          required.add(name);
        }
      }
    }
  }

  private static ModelSchema of(Class<?> model) {
    return SCHEMAS.computeIfAbsent(model, ModelSchema::new);
  }

  /** Returns what is wrong with an object, each as a path and a reason; empty if it matches the model. */
  static List<String> violations(Class<?> model, JsonNode object) {
    List<String> violations = new ArrayList<>();
    check("", model, object, violations);
    return violations;
  }

  private static void check(String path, Type type, JsonNode value, List<String> violations) {
    if (value.isNull()) {
      return;
    }
    if (type instanceof ParameterizedType generic) {
      checkCollection(path, generic, value, violations);
      return;
    }
    Class<?> raw = (Class<?>) type;
    String expected = scalarOf(raw);
    switch (expected) {
      case "any" -> {
      }
      case "text" -> require(value.isString(), path, "must be text", value, violations);
      case "integer" -> require(value.isIntegralNumber(), path, "must be an integer", value, violations);
      case "number" -> require(value.isNumber(), path, "must be a number", value, violations);
      case "boolean" -> require(value.isBoolean(), path, "must be true or false", value, violations);
      case "text or number" -> require(value.isString() || value.isNumber(), path, "must be text or a number", value,
          violations);
      default -> of(raw).checkObject(path, value, violations);
    }
  }

  private static void checkCollection(String path, ParameterizedType type, JsonNode value, List<String> violations) {
    if (Map.class.isAssignableFrom((Class<?>) type.getRawType())) {
      require(value.isObject(), path, "must be a map", value, violations);
      value.properties().forEach(
          entry -> check(path + "." + entry.getKey(), type.getActualTypeArguments()[1], entry.getValue(), violations));
    } else {
      require(value.isArray(), path, "must be a list", value, violations);
      for (int i = 0; i < value.size(); i++) {
        check(path + "[" + i + "]", type.getActualTypeArguments()[0], value.path(i), violations);
      }
    }
  }

  private void checkObject(String path, JsonNode value, List<String> violations) {
    require(value.isObject(), path, "must be an object", value, violations);
    value.properties().forEach(entry -> {
      Type type = fields.get(entry.getKey());
      if (type == null) {
        violations.add(path + "." + entry.getKey() + ": unknown field");
      } else {
        check(path + "." + entry.getKey(), type, entry.getValue(), violations);
      }
    });
    required.stream().filter(name -> value.path(name).isMissingNode() || value.path(name).isNull()).sorted()
        .forEach(name -> violations.add(path + "." + name + ": required"));
  }

  private static String scalarOf(Class<?> type) {
    if (SCALARS_OF_ANY_KIND.contains(type.getSimpleName())) {
      return "text or number";
    }
    return switch (type.getName()) {
      case "java.lang.String", "java.time.OffsetDateTime", "[B" -> "text";
      case "java.lang.Integer", "java.lang.Long", "int", "long" -> "integer";
      case "java.lang.Double", "java.lang.Float" -> "number";
      case "java.lang.Boolean", "boolean" -> "boolean";
      case "java.lang.Object" -> "any";
      default -> type.isEnum() ? "text" : "object";
    };
  }

  private static String jsonName(Field field) {
    SerializedName gson = field.getAnnotation(SerializedName.class);
    if (gson != null) {
      return gson.value();
    }
    var jackson = field.getAnnotation(com.fasterxml.jackson.annotation.JsonProperty.class);
    return jackson == null ? "" : jackson.value();
  }

  private static boolean isRequired(Class<?> model, Field field) {
    String name = field.getName();
    String getter = "get" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    try {
      Method method = model.getMethod(getter);
      ApiModelProperty property = method.getAnnotation(ApiModelProperty.class);
      return property != null && property.required();
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static void require(boolean holds, String path, String expectation, JsonNode value, List<String> violations) {
    if (!holds) {
      violations.add(path + ": " + expectation + ", was " + value);
    }
  }
}
