package dev.statecraft.lab.environment.local.process;

/** A process that waits a tenth of a second again and again, and tells how long it took and what time it is. */
final class TickingProcess {
  private TickingProcess() {}

  @SuppressWarnings({"WaitNotInLoop", "SystemOut"}) // a wait that returns too early is what shows here
  public static void main(String[] args) throws InterruptedException {
    Object nobody = new Object();
    while (true) {
      long began = System.nanoTime();
      synchronized (nobody) {
        nobody.wait(100);
      }
      System.out.println((System.nanoTime() - began) / 1_000_000 + " " + System.currentTimeMillis());
    }
  }
}
