package dev.statecraft.signing;

/** The configured keys cannot be used. The message never contains key material. */
public final class InvalidKeyRingException extends IllegalArgumentException {
  private final String setting;
  private final String problem;
  private final String remedy;

  InvalidKeyRingException(String setting, String problem, String remedy) {
    super(setting + " " + problem + "; expected: " + remedy);
    this.setting = setting;
    this.problem = problem;
    this.remedy = remedy;
  }

  /** The setting at fault, below the caller's own prefix: {@code keys}, {@code keys.<id>} or {@code active-key}. */
  public String setting() {
    return setting;
  }

  /** What is wrong, as the end of a sentence that begins with the setting. */
  public String problem() {
    return problem;
  }

  /** What is expected instead. */
  public String remedy() {
    return remedy;
  }
}
