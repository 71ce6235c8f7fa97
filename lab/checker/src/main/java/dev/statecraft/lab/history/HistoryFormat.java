package dev.statecraft.lab.history;

import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Formats the lines of a history file; {@code docs/history-format.md} defines them. Thread-safe. */
public final class HistoryFormat {
  /** The value of {@code schema} in the first line. */
  public static final String SCHEMA = "statecraft/history/1";

  private static final JsonFactory JSON = new JsonFactory();

  private HistoryFormat() {}

  /** Returns the header line, without its line feed. */
  static String header(History history) {
    return object(json -> {
      json.writeStringProperty("schema", SCHEMA);
      json.writeStringProperty("strategy", history.strategy());
      writeIfPresent(json, "reads", history.reads());
      writeIfPresent(json, "writes", history.writes());
      writeIfPresent(json, "workload", history.workload());
      json.writeNumberProperty("seed", history.seed());
      json.writeArrayPropertyStart("nodes");
      history.nodes().forEach(json::writeString);
      json.writeEndArray();
      if (history.sessionTimeoutMillis() != null) {
        json.writeNumberProperty("sessionTimeoutMillis", history.sessionTimeoutMillis());
      }
    });
  }

  /** Returns the line of one operation, without its line feed. */
  public static String line(Operation operation) {
    return object(json -> {
      json.writeStringProperty("type", "operation");
      json.writeNumberProperty("id", operation.id());
      json.writeNumberProperty("client", operation.client());
      json.writeStringProperty("session", operation.session());
      json.writeStringProperty("call", operation.call().name());
      writeIfPresent(json, "item", operation.item());
      json.writeNumberProperty("scheduled", operation.scheduled());
      json.writeNumberProperty("invoked", operation.invoked());
      json.writeNumberProperty("completed", operation.completed());
      json.writeObjectPropertyStart("outcome");
      writeOutcome(json, operation.outcome());
      json.writeEndObject();
      writeIfPresent(json, "servedBy", operation.servedBy());
      if (operation.generation() != null) {
        json.writeNumberProperty("generation", operation.generation());
      }
    });
  }

  /** Returns the line of one fault, without its line feed. */
  public static String line(FaultEvent fault) {
    return object(json -> {
      json.writeStringProperty("type", "fault");
      json.writeStringProperty("kind", fault.kind());
      json.writeStringProperty("target", fault.target());
      json.writeNumberProperty("began", fault.began());
      json.writeNumberProperty("ended", fault.ended());
    });
  }

  private static void writeOutcome(JsonGenerator json, Outcome outcome) {
    switch (outcome) {
      case Outcome.Ok ok -> {
        json.writeStringProperty("kind", "ok");
        json.writeNumberProperty("status", ok.status());
        if (ok.items() != null) {
          json.writeArrayPropertyStart("items");
          ok.items().forEach(json::writeString);
          json.writeEndArray();
        }
        writeIfPresent(json, "state", ok.state());
      }
      case Outcome.Failed failed -> {
        json.writeStringProperty("kind", "failed");
        json.writeNumberProperty("status", failed.status());
        json.writeStringProperty("reason", failed.reason());
      }
      case Outcome.Unknown unknown -> {
        json.writeStringProperty("kind", "unknown");
        json.writeNumberProperty("status", unknown.status());
        json.writeStringProperty("reason", unknown.reason());
      }
    }
  }

  private static void writeIfPresent(JsonGenerator json, String name, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }

  private static String object(Properties properties) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      properties.writeTo(json);
      json.writeEndObject();
    }
    return line.toString();
  }

  private interface Properties {
    void writeTo(JsonGenerator json);
  }
}
