package dev.statecraft.gateway.adversary;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The pace of a slow client. No test waits for it. */
final class Pause {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Pause() {}

  static void millis(int millis) throws InterruptedException {
    var _ = NEVER.await(millis, TimeUnit.MILLISECONDS);
  }
}
