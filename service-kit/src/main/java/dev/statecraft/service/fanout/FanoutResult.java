package dev.statecraft.service.fanout;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What {@code GET /fanout} answers.
 *
 * @param mode {@code sequential} or {@code parallel}
 * @param answers in the order of the targets
 */
public record FanoutResult(String mode, List<TargetAnswer> answers) {
  /** Copies the list. */
  public FanoutResult {
    answers = List.copyOf(answers);
  }

  /**
   * The answer of one target.
   *
   * @param target number of the target, from 1
   * @param node name of the node that answered, empty if it sent none
   */
  public record TargetAnswer(int target, String node) {
    /**
     * Checks an answer.
     *
     * @throws ResponseStatusException 502 if its status is not 200
     */
    public static TargetAnswer of(int target, int status, @Nullable String servedBy) {
      if (status != HttpStatus.OK.value()) {
        throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "Target " + target + " answered " + status + ".");
      }
      return new TargetAnswer(target, servedBy == null ? "" : servedBy);
    }
  }
}
