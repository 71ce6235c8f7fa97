package dev.statecraft.chart.schema;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A structural schema ({@code openAPIV3Schema}) of a custom resource, read from {@code src/test/resources/schema}. */
record CustomResourceSchema(JsonNode schema) {

  static CustomResourceSchema read(String name) throws IOException {
    try (InputStream file = CustomResourceSchema.class.getResourceAsStream("/schema/" + name + ".json")) {
      if (file == null) {
        throw new IOException("no schema " + name);
      }
      return new CustomResourceSchema(JsonMapper.shared().readTree(file));
    }
  }

  List<String> violations(JsonNode object) {
    List<String> violations = new ArrayList<>();
    check("", schema, object, violations);
    return violations;
  }

  private static void check(String path, JsonNode schema, JsonNode value, List<String> violations) {
    boolean matches = switch (schema.path("type").stringValue("any")) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> true;
    };
    if (!matches) {
      violations.add(path + ": must be " + schema.path("type").stringValue("") + ", was " + value);
      return;
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      check(path + "[" + i + "]", schema.path("items"), value.path(i), violations);
    }
    value.properties().forEach(entry -> {
      String at = path + "." + entry.getKey();
      if (schema.path("properties").has(entry.getKey())) {
        check(at, schema.path("properties").path(entry.getKey()), entry.getValue(), violations);
      } else if (schema.has("additionalProperties")) {
        check(at, schema.path("additionalProperties"), entry.getValue(), violations);
      } else if (schema.has("properties")) {
        violations.add(at + ": unknown field");
      }
    });
    schema.path("required").valueStream().map(JsonNode::stringValue).filter(name -> !value.has(name))
        .forEach(name -> violations.add(path + "." + name + ": required"));
  }
}
