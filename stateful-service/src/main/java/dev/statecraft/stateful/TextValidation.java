package dev.statecraft.stateful;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Validation of text from clients. */
final class TextValidation {
  private TextValidation() {}

  /**
   * Returns the text if it is valid.
   *
   * @throws RejectedRequestException 400 if it is missing, blank, too long, or contains a lone surrogate, which cannot
   * be encoded
   */
  static String required(String name, @Nullable String text, int maxLength) {
    if (text == null || text.isBlank()) {
      throw new RejectedRequestException(HttpStatus.BAD_REQUEST, "'" + name + "' is missing or blank");
    }
    if (text.length() > maxLength) {
      throw new RejectedRequestException(HttpStatus.BAD_REQUEST,
          "'" + name + "' is longer than " + maxLength + " characters");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new RejectedRequestException(HttpStatus.BAD_REQUEST, "'" + name + "' is not well-formed Unicode");
    }
    return text;
  }
}
