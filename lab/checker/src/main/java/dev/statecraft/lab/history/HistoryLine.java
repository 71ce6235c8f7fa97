package dev.statecraft.lab.history;

import dev.statecraft.lab.history.Operation.Call;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses one line of a history file; {@code path} is the prefix of its fields' names in error messages. */
record HistoryLine(JsonNode fields, String path) {
  private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Says what is wrong with a line; the reader adds the line number. */
  static final class InvalidLineException extends Exception {
    InvalidLineException(String reason) {
      super(reason);
    }
  }

  /** Parses any line after the header. */
  sealed interface Entry {}

  record OperationEntry(Operation operation) implements Entry {}

  record FaultEntry(FaultEvent fault) implements Entry {}

  static History header(String line) throws InvalidLineException {
    HistoryLine header = object(line);
    String schema = header.text("schema");
    if (!schema.equals(HistoryFormat.SCHEMA)) {
      throw new InvalidLineException(
          "schema is \"%s\", but only \"%s\" is known".formatted(schema, HistoryFormat.SCHEMA));
    }
    Long timeout = header.has("sessionTimeoutMillis") ? header.number("sessionTimeoutMillis") : null;
    return new History(header.text("strategy"), header.optionalText("reads"), header.optionalText("writes"),
        header.optionalText("workload"), header.number("seed"), header.texts("nodes"), timeout, List.of(), List.of());
  }

  static Entry entry(String line) throws InvalidLineException {
    HistoryLine entry = object(line);
    String type = entry.text("type");
    return switch (type) {
      case "operation" -> new OperationEntry(entry.operation());
      case "fault" -> new FaultEntry(entry.fault());
      default -> throw new InvalidLineException("type is \"%s\", but must be operation or fault".formatted(type));
    };
  }

  private Operation operation() throws InvalidLineException {
    Call call = call();
    Operation operation = new Operation(number("id"),
        Math.toIntExact(number("client", Integer.MIN_VALUE, Integer.MAX_VALUE)), text("session"), call,
        call == Call.ADD || call == Call.CHECKOUT ? text("item") : null, number("scheduled"),
        number("invoked"), number("completed"), child("outcome").outcome(call), optionalText("servedBy"),
        has("generation") ? Integer.valueOf((int) number("generation", 0, Integer.MAX_VALUE)) : null);
    if (operation.completed() < operation.invoked()) {
      throw new InvalidLineException("operation %d completed at %d, before it was invoked at %d"
          .formatted(operation.id(), operation.completed(), operation.invoked()));
    }
    return operation;
  }

  private Call call() throws InvalidLineException {
    String name = text("call");
    List<Call> known = List.of(Call.values());
    return known.stream().filter(call -> call.name().equals(name)).findFirst()
        .orElseThrow(() -> new InvalidLineException("call is \"%s\", but must be one of %s".formatted(name,
            known.stream().map(Enum::name).collect(Collectors.joining(", ")))));
  }

  private Outcome outcome(Call call) throws InvalidLineException {
    String kind = text("kind");
    int status = (int) number("status", 0, 999);
    return switch (kind) {
      case "ok" -> new Outcome.Ok(status, call == Call.READ || has("items") ? texts("items") : null,
          optionalText("state"));
      case "failed" -> new Outcome.Failed(status, text("reason"));
      case "unknown" -> new Outcome.Unknown(status, text("reason"));
      default ->
        throw new InvalidLineException("outcome.kind is \"%s\", but must be ok, failed or unknown".formatted(kind));
    };
  }

  private FaultEvent fault() throws InvalidLineException {
    FaultEvent fault = new FaultEvent(text("kind"), text("target"), number("began"), number("ended"));
    if (fault.ended() != -1 && fault.ended() < fault.began()) {
      throw new InvalidLineException(
          "the fault ended at %d, before it began at %d".formatted(fault.ended(), fault.began()));
    }
    return fault;
  }

  private static HistoryLine object(String line) throws InvalidLineException {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JacksonException e) {
      throw new InvalidLineException(
          "not JSON: " + e.getOriginalMessage().lines().findFirst().orElse("").toLowerCase(Locale.ROOT));
    }
    if (!node.isObject()) {
      throw new InvalidLineException("not a JSON object");
    }
    return new HistoryLine(node, "");
  }

  private boolean has(String name) {
    return fields.hasNonNull(name);
  }

  private JsonNode field(String name) throws InvalidLineException {
    JsonNode value = fields.get(name);
    if (value == null || value.isNull()) {
      throw new InvalidLineException("field \"%s%s\" is missing".formatted(path, name));
    }
    return value;
  }

  private HistoryLine child(String name) throws InvalidLineException {
    JsonNode value = field(name);
    if (!value.isObject()) {
      throw wrongType(name, "an object");
    }
    return new HistoryLine(value, name + ".");
  }

  private String text(String name) throws InvalidLineException {
    JsonNode value = field(name);
    if (!value.isString()) {
      throw wrongType(name, "a string");
    }
    return value.stringValue();
  }

  private @Nullable String optionalText(String name) throws InvalidLineException {
    return has(name) ? text(name) : null;
  }

  private long number(String name) throws InvalidLineException {
    return number(name, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private long number(String name, long least, long most) throws InvalidLineException {
    JsonNode value = field(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least
        || value.longValue() > most) {
      throw wrongType(name, "a whole number in range");
    }
    return value.longValue();
  }

  private List<String> texts(String name) throws InvalidLineException {
    JsonNode value = field(name);
    if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
      throw wrongType(name, "an array of strings");
    }
    return value.valueStream().map(JsonNode::stringValue).toList();
  }

  private InvalidLineException wrongType(String name, String expected) {
    return new InvalidLineException("field \"%s%s\" is not %s".formatted(path, name, expected));
  }
}
