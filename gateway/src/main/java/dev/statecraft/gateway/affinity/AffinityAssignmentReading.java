package dev.statecraft.gateway.affinity;

/** What a client's affinity cookie turned out to be. */
public sealed interface AffinityAssignmentReading {
  /** There is none, or it was signed by a key that has been retired since. */
  record None() implements AffinityAssignmentReading {}

  /** It was signed by one of the keys. */
  record Valid(AffinityAssignment pin) implements AffinityAssignmentReading {}

  /** It names one of the keys, or none at all, and was never signed by it: somebody made or changed it. */
  record Forged() implements AffinityAssignmentReading {}
}
