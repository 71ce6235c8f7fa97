package dev.statecraft.gateway.affinity;

/** What a client's affinity cookie turned out to be. */
public sealed interface PinReading {
  /** There is none, or it was signed by a key that has been retired since. */
  record None() implements PinReading {}

  /** It was signed by one of the keys. */
  record Valid(Pin pin) implements PinReading {}

  /** It names one of the keys, or none at all, and was never signed by it: somebody made or changed it. */
  record Forged() implements PinReading {}
}
