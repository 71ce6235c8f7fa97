package dev.statecraft.session.replicated;

/** What became of a member's wish to be taken out of its group. */
sealed interface Departure {
  /** It is committed, and the member takes no part any more. */
  record Done() implements Departure {}

  /** Nothing was changed, and asking again does not help until something else changes; why, in words. */
  record Refused(String reason) implements Departure {}

  /** It may still be taken out; why it is not known, in words. Who asks again learns what came of it. */
  record Unknown(String reason) implements Departure {}
}
