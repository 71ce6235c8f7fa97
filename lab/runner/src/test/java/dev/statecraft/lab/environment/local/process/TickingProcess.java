package dev.statecraft.lab.environment.local.process;

/** Repeats a timed wait of 100 ms, and prints the elapsed milliseconds and the wall clock time. */
final class TickingProcess {
  private TickingProcess() {}

  @SuppressWarnings({"WaitNotInLoop", "SystemOut"}) // must show a wait that returns too early
  public static void main(String[] args) throws InterruptedException {
    Object monitor = new Object();
    while (true) {
      long began = System.nanoTime();
      synchronized (monitor) {
        monitor.wait(100);
      }
      System.out.println((System.nanoTime() - began) / 1_000_000 + " " + System.currentTimeMillis());
    }
  }
}
