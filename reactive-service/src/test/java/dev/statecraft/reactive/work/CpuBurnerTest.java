package dev.statecraft.reactive.work;

import dev.statecraft.stateless.CpuBurnerContract;
import java.util.function.BooleanSupplier;

class CpuBurnerTest implements CpuBurnerContract {
  private final CpuBurner processor = new CpuBurner();

  /** Run by a JVM that compiles nothing. */
  public static void main(String... none) throws InterruptedException {
    System.out.println(new CpuBurner().measured());
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
