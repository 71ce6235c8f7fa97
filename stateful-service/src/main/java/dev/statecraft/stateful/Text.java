package dev.statecraft.stateful;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Checks of what users send. */
final class Text {
  private Text() {}

  /**
   * The text, when there is one that can be used.
   *
   * @throws RejectedRequest 400 where it is missing, blank, longer than so many characters, or no text at all (a lone
   * surrogate, which no answer could carry)
   */
  static String required(String name, @Nullable String text, int longest) {
    if (text == null || text.isBlank()) {
      throw new RejectedRequest(HttpStatus.BAD_REQUEST, "'" + name + "' is missing or blank");
    }
    if (text.length() > longest) {
      throw new RejectedRequest(HttpStatus.BAD_REQUEST, "'" + name + "' is longer than " + longest + " characters");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new RejectedRequest(HttpStatus.BAD_REQUEST, "'" + name + "' is not well-formed Unicode");
    }
    return text;
  }
}
