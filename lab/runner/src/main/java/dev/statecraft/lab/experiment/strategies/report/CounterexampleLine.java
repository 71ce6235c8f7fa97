package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line of a history as a counterexample quotes it. What cannot be read as one is kept as text: a report never fails
 * on it.
 */
sealed interface CounterexampleLine {
  /** How many items of a cart are spelled out at its end. */
  int ITEMS_SHOWN = 8;

  /** The line for a reader. */
  String words();

  /** An operation; times in nanoseconds since the run began; the number is its step within the proof. */
  record Performed(int number, long client, long invoked, long completed, String outcome,
      String words) implements CounterexampleLine {
    Performed numbered(int step) {
      return new Performed(step, client, invoked, completed, outcome, words);
    }
  }

  /** A fault; {@code ended} is -1 where it never was. */
  record FaultLine(String label, long began, long ended, String words) implements CounterexampleLine {}

  /** Anything else. */
  record Other(String words) implements CounterexampleLine {}

  /** Never fails. */
  static CounterexampleLine parse(String line) {
    JsonNode node;
    try {
      node = Reader.MAPPER.readTree(line);
    } catch (JacksonException notJson) {
      return new Other(line);
    }
    String type = node.path("type").asString("");
    if (type.equals("fault") && node.path("began").isNumber()) {
      String label = node.path("kind").asString("") + ' ' + node.path("target").asString("");
      long began = node.path("began").longValue();
      return new FaultLine(label, began, node.path("ended").asLong(-1), seconds(began) + ": " + label + '.');
    }
    return node.path("invoked").isNumber() && node.path("completed").isNumber() && node.path("client").isNumber()
        ? performed(node)
        : new Other(line);
  }

  private static Performed performed(JsonNode node) {
    long invoked = node.path("invoked").longValue();
    long completed = Math.max(invoked, node.path("completed").longValue());
    String kind = node.path("outcome").path("kind").asString("");
    String server = node.path("servedBy").asString("");
    JsonNode id = node.path("id");
    String words = seconds(invoked) + (id.isNumber() ? ", operation " + id.longValue() : "") + ": client "
        + node.path("client").longValue() + ' ' + call(node) + ", "
        + outcome(node.path("outcome"), server.isEmpty() ? "" : " by " + server) + ", after "
        + NumberFormats.duration((completed - invoked) / 1e6) + '.';
    return new Performed(0, node.path("client").longValue(), invoked, completed, switch (kind) {
      case "ok", "failed" -> kind;
      default -> "unknown";
    }, words);
  }

  private static String call(JsonNode node) {
    String call = node.path("call").asString("");
    return switch (call) {
      case "LOGIN" -> "logs in";
      case "SHOW" -> "asks for its session";
      case "ROTATE" -> "asks for a new session id";
      case "LOGOUT" -> "logs out";
      case "READ" -> "reads the cart";
      case "ADD" -> "adds “" + node.path("item").asString("") + '”';
      default -> call;
    };
  }

  private static String outcome(JsonNode outcome, String byServer) {
    int status = outcome.path("status").asInt(0);
    String answer = status == 0 ? "not answered" : "answered " + status + byServer;
    String reason = outcome.path("reason").asString("");
    String because = reason.isEmpty() ? "" : " (" + reason + ')';
    return switch (outcome.path("kind").asString("")) {
      case "ok" -> answer + (outcome.path("items").isArray() ? " with " + items(outcome.path("items")) : "");
      case "failed" -> answer + because;
      default -> answer + because + ", so that its effect is unknown";
    };
  }

  private static String items(JsonNode items) {
    List<String> names = new ArrayList<>();
    items.forEach(item -> names.add(item.asString("")));
    int hidden = Math.max(0, names.size() - ITEMS_SHOWN);
    return '[' + (hidden == 0 ? "" : hidden + " more, ") + String.join(", ", names.subList(hidden, names.size())) + ']';
  }

  private static String seconds(long nanoseconds) {
    return String.format(Locale.ROOT, "%.4f s", nanoseconds / 1e9);
  }

  /** Holds the mapper, which an interface could only show to everyone. */
  final class Reader {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Reader() {}
  }
}
