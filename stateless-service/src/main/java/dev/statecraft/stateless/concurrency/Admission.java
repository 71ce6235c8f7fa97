package dev.statecraft.stateless.concurrency;

import dev.statecraft.stateless.AdmissionEstimator;
import dev.statecraft.stateless.client.WatchableProtocol;
import dev.statecraft.stateless.client.WatchableProtocol.Shortcut;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.stereotype.Component;

/**
 * Hands each connection to the chosen model. Those that it has no room for, and all while what it took in waits too
 * long for a processor, go to one thread of their own, which tells their clients so: a prompt 503 is worth more to a
 * client than a place in a queue that it will not live to leave, or than a closed connection that tells nothing.
 * Thread-safe.
 */
@Component
class Admission implements Executor, DisposableBean {
  /** Bound while a connection is served that the model had no room for. */
  static final ScopedValue<Shortcut> SHED = WatchableProtocol.SHORTCUT;

  private final ConcurrencyModel model;
  private final AdmissionEstimator delay;
  private final FastRejectResponse refusal;
  private final ThreadPoolExecutor shedding;

  Admission(ConcurrencyProperties properties, TomcatServerProperties tomcat, FastRejectResponse refusal,
      AdmissionEstimator delay,
      ListableBeanFactory beans) {
    List<String> names = List.of(beans.getBeanNamesForType(ConcurrencyModel.class, true, false));
    if (!names.contains(properties.concurrency())) {
      throw new InvalidConfigurationPropertyValueException("statecraft.concurrency", properties.concurrency(),
          "It must be one of " + String.join(", ", names) + ".");
    }
    this.refusal = refusal;
    this.delay = delay;
    this.model = beans.getBean(properties.concurrency(), ConcurrencyModel.class);
    // No connection is handed over twice at a time, so that this queue has room for all.
    this.shedding = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(tomcat.getMaxConnections()),
        Thread.ofPlatform().name("shedding").daemon().factory());
  }

  ConcurrencyModel model() {
    return model;
  }

  @Override
  public void execute(Runnable connection) {
    if (delay.isTooLong()) {
      shed(connection);
      return;
    }
    try {
      model.execute(connection);
    } catch (RejectedExecutionException noRoom) {
      shed(connection);
    }
  }

  private void shed(Runnable connection) {
    shedding.execute(() -> ScopedValue.where(SHED, refusal).run(connection));
  }

  @Override
  public void destroy() {
    shedding.shutdownNow();
  }
}
