package dev.statecraft.stateless.work;

import dev.statecraft.stateless.ProcessorContract;
import java.util.function.BooleanSupplier;

class ProcessorTest implements ProcessorContract {
  private final Processor processor = new Processor();

  /** Run by a JVM that compiles nothing. */
  public static void main(String... none) throws InterruptedException {
    System.out.println(new Processor().measured());
  }

  @Override
  public boolean burn(int millis, BooleanSupplier stop) throws InterruptedException {
    return processor.burn(millis, stop);
  }

  @Override
  public double measured() throws InterruptedException {
    return processor.measured();
  }
}
