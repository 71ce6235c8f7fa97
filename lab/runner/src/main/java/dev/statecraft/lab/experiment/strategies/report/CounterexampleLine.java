package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A line of a history in a counterexample; as text if it cannot be parsed, so that a report never fails on it. */
sealed interface CounterexampleLine {
  /** The maximum number of items to list from the end of a cart. */
  int MAX_ITEMS = 8;

  /** The line as a sentence. */
  String sentence();

  /** An operation. Times are in nanoseconds of the run; {@code number} is its step in the counterexample. */
  record OperationLine(int number, long client, long invoked, long completed, String outcome,
      String sentence) implements CounterexampleLine {
    OperationLine numbered(int step) {
      return new OperationLine(step, client, invoked, completed, outcome, sentence);
    }
  }

  /** A fault; {@code ended} is -1 if it did not end. */
  record FaultLine(String label, long began, long ended, String sentence) implements CounterexampleLine {}

  /** Anything else. */
  record TextLine(String sentence) implements CounterexampleLine {}

  static CounterexampleLine parse(String line) {
    JsonNode node;
    try {
      node = Reader.MAPPER.readTree(line);
    } catch (JacksonException notJson) {
      return new TextLine(line);
    }
    String type = node.path("type").asString("");
    if (type.equals("fault") && node.path("began").isNumber()) {
      String label = node.path("kind").asString("") + ' ' + node.path("target").asString("");
      long began = node.path("began").longValue();
      return new FaultLine(label, began, node.path("ended").asLong(-1), seconds(began) + ": " + label + '.');
    }
    return node.path("invoked").isNumber() && node.path("completed").isNumber() && node.path("client").isNumber()
        ? operation(node)
        : new TextLine(line);
  }

  private static OperationLine operation(JsonNode node) {
    long invoked = node.path("invoked").longValue();
    long completed = Math.max(invoked, node.path("completed").longValue());
    String kind = node.path("outcome").path("kind").asString("");
    String server = node.path("servedBy").asString("");
    JsonNode id = node.path("id");
    String sentence = seconds(invoked) + (id.isNumber() ? ", operation " + id.longValue() : "") + ": client "
        + node.path("client").longValue() + ' ' + call(node) + ", "
        + outcome(node.path("outcome"), server.isEmpty() ? "" : " from " + server) + ", after "
        + NumberFormats.duration((completed - invoked) / 1e6) + '.';
    return new OperationLine(0, node.path("client").longValue(), invoked, completed, switch (kind) {
      case "ok", "failed" -> kind;
      default -> "unknown";
    }, sentence);
  }

  private static String call(JsonNode node) {
    String call = node.path("call").asString("");
    return switch (call) {
      case "LOGIN" -> "logs in";
      case "SHOW" -> "reads its session";
      case "ROTATE" -> "rotates its session id";
      case "LOGOUT" -> "logs out";
      case "READ" -> "reads the cart";
      case "ADD" -> "adds “" + node.path("item").asString("") + '”';
      default -> call;
    };
  }

  private static String outcome(JsonNode outcome, String fromServer) {
    int status = outcome.path("status").asInt(0);
    String answer = status == 0 ? "got no answer" : "got " + status + fromServer;
    String reason = outcome.path("reason").asString("");
    String because = reason.isEmpty() ? "" : " (" + reason + ')';
    return switch (outcome.path("kind").asString("")) {
      case "ok" -> answer + (outcome.path("items").isArray() ? " with " + items(outcome.path("items")) : "");
      case "failed" -> answer + because;
      default -> answer + because + "; its effect is unknown";
    };
  }

  private static String items(JsonNode items) {
    List<String> names = new ArrayList<>();
    items.forEach(item -> names.add(item.asString("")));
    int hidden = Math.max(0, names.size() - MAX_ITEMS);
    return '[' + (hidden == 0 ? "" : hidden + " more, ") + String.join(", ", names.subList(hidden, names.size())) + ']';
  }

  private static String seconds(long nanoseconds) {
    return String.format(Locale.ROOT, "%.4f s", nanoseconds / 1e9);
  }

  /** Hides the mapper, because interface fields are public. */
  final class Reader {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Reader() {}
  }
}
