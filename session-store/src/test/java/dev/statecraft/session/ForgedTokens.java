package dev.statecraft.session;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tokens that no store gave out, made from those of real sessions: each is truncated, changed at each position to each
 * character of an alphabet, shortened, doubled, and joined with another. Exhaustive, so a failure names its token.
 */
final class ForgedTokens {
  /** A client cannot send some of these characters in a cookie, but it can in a header. */
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~:{}*/=%"
      + " \u0000\u00e9\ud83d\ude80";

  private final List<String> real;

  ForgedTokens(List<String> real) {
    this.real = real;
  }

  /** The first forgeries, taken from all real tokens alike. */
  Stream<String> limit(int count) {
    Set<String> known = Set.copyOf(real);
    List<Iterator<String>> sources = IntStream.range(0, real.size())
        .mapToObj(i -> of(real.get(i), real.get((i + 1) % real.size())).iterator())
        .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    return Stream.generate(() -> 0)
        .takeWhile(_ -> sources.stream().anyMatch(Iterator::hasNext))
        .flatMap(_ -> sources.stream().filter(Iterator::hasNext).map(Iterator::next).toList().stream())
        .filter(token -> !known.contains(token))
        .limit(count);
  }

  private static Stream<String> of(String token, String other) {
    return IntStream.range(0, token.length()).boxed().flatMap(position -> {
      String before = token.substring(0, position);
      String after = token.substring(position + 1);
      Stream<String> changed = ALPHABET.chars().mapToObj(replacement -> before + (char) replacement + after);
      return Stream.concat(changed, Stream.of(
          before,
          after,
          before + after,
          before + token.substring(position) + token,
          before + token.charAt(position) + token.substring(position),
          before + other.substring(Math.min(position, other.length())),
          other.substring(0, Math.min(position, other.length())) + token.substring(position)));
    });
  }
}
