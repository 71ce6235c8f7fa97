package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import java.util.random.RandomGenerator;

/**
 * What a user with a session does next, in parts of the whole.
 *
 * @param read {@code GET /cart}
 * @param add {@code POST /cart/items}
 * @param show {@code GET /session}
 * @param rotate {@code POST /session/rotate}
 * @param onlookPercent of a hundred reads, how many are made by an onlooker: a second client of the session, which has
 * the cookie of when the session was opened and has not been told of what was written since
 */
public record OperationMix(int read, int add, int show, int rotate, int onlookPercent) {
  /** A shop's visitor: looks as often as it acts, and now and then its session id is rotated. */
  public static final OperationMix SHOPPING = new OperationMix(50, 40, 5, 5, 0);
  /** The same, with onlookers: shows whether anyone sees what was acknowledged, and not only who wrote it. */
  public static final OperationMix WATCHED = new OperationMix(50, 40, 5, 5, 40);
  /** Tabs that all act on one cart, and never change its id. */
  public static final OperationMix TABS = new OperationMix(45, 50, 5, 0, 0);
  /** Tabs that also rotate the id of the session that they share. */
  public static final OperationMix RACES = new OperationMix(42, 45, 5, 8, 0);
  /** Nothing but reads of the cart. */
  public static final OperationMix READ_ONLY = new OperationMix(1, 0, 0, 0, 0);

  public OperationMix {
    if (read < 0 || add < 0 || show < 0 || rotate < 0 || onlookPercent < 0 || onlookPercent > 100
        || read + add + show + rotate == 0) {
      throw new IllegalArgumentException("a mix needs parts that are not negative, and one that is not 0");
    }
  }

  Call draw(RandomGenerator random) {
    int point = random.nextInt(read + add + show + rotate);
    if (point < read) {
      return Call.READ;
    }
    if (point < read + add) {
      return Call.ADD;
    }
    return point < read + add + show ? Call.SHOW : Call.ROTATE;
  }
}
