package dev.statecraft.lab.environment.local;

import java.util.Arrays;
import java.util.List;

/** A failure of a node that its readiness probe does not show. */
public enum GreyFault {
  /** One request in five is answered 500 at once. */
  ERRORS("errors", "answered one request in five with 500"),
  /** Each answer takes ten times as long. */
  SLOW("slow", "answered ten times slower"),
  /** Requests are accepted and never answered. */
  SILENT("silent", "accepted requests and never answered");

  private final String label;
  private final String description;

  GreyFault(String label, String description) {
    this.label = label;
    this.description = description;
  }

  /** The name on the command line and in results. */
  public String label() {
    return label;
  }

  /** What the node did, as the end of a sentence. */
  public String description() {
    return description;
  }

  /** The names of all faults. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(GreyFault::label).toList();
  }

  /** The fault with this name. */
  public static GreyFault of(String label) {
    return Arrays.stream(values()).filter(fault -> fault.label.equals(label)).findFirst().orElseThrow();
  }
}
