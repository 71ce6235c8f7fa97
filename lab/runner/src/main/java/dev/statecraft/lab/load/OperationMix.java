package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import java.util.random.RandomGenerator;

/**
 * The relative frequencies of a user's calls.
 *
 * @param read {@code GET /cart}
 * @param add {@code POST /cart/items}
 * @param show {@code GET /session}
 * @param rotate {@code POST /session/rotate}
 * @param observerPercent the share of reads, in percent, that an observer makes: a second client of the session that
 * holds the cookie from the login and has not seen the writes since
 */
public record OperationMix(int read, int add, int show, int rotate, int observerPercent) {
  /** A shopper: reads half of the time, and sometimes rotates the session id. */
  public static final OperationMix SHOPPING = new OperationMix(50, 40, 5, 5, 0);
  /** As {@link #SHOPPING}, with observers: tests whether other clients see acknowledged writes. */
  public static final OperationMix OBSERVED = new OperationMix(50, 40, 5, 5, 40);
  /** Tabs that share one cart and never rotate the session id. */
  public static final OperationMix TABS = new OperationMix(45, 50, 5, 0, 0);
  /** Tabs that also rotate the id of their shared session. */
  public static final OperationMix RACES = new OperationMix(42, 45, 5, 8, 0);
  /** Only reads of the cart. */
  public static final OperationMix READ_ONLY = new OperationMix(1, 0, 0, 0, 0);

  public OperationMix {
    if (read < 0 || add < 0 || show < 0 || rotate < 0 || observerPercent < 0 || observerPercent > 100
        || read + add + show + rotate == 0) {
      throw new IllegalArgumentException(
          "the parts of a mix must not be negative, nor all 0, and the observers at most 100 %");
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
