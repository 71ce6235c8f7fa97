package dev.statecraft.stateful;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Checks of what users send. */
final class Text {
  private Text() {}

  /**
   * The text, when there is one that can be used.
   *
   * @throws Refusal 400 where it is missing, blank or longer than so many characters
   */
  static String required(String name, @Nullable String text, int longest) {
    if (text == null || text.isBlank()) {
      throw new Refusal(HttpStatus.BAD_REQUEST, "'" + name + "' is missing or blank");
    }
    if (text.length() > longest) {
      throw new Refusal(HttpStatus.BAD_REQUEST, "'" + name + "' is longer than " + longest + " characters");
    }
    return text;
  }
}
