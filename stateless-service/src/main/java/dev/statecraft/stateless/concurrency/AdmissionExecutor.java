package dev.statecraft.stateless.concurrency;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.stateless.client.ClientAwareProtocol;
import dev.statecraft.stateless.client.ClientAwareProtocol.PreParseHandler;
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
 * Tomcat's executor. It hands each connection to the chosen model. If the model has no capacity, or requests wait too
 * long for a processor, it hands the connection to one separate thread, which answers 503. Thread-safe.
 */
@Component
class AdmissionExecutor implements Executor, DisposableBean {
  /** Bound while a connection is served that was not admitted. */
  static final ScopedValue<PreParseHandler> SHEDDING = ClientAwareProtocol.PRE_PARSE_HANDLER;

  private final ConcurrencyModel model;
  private final AdmissionEstimator estimator;
  private final FastRejectHandler fastReject;
  private final ThreadPoolExecutor sheddingThread;

  AdmissionExecutor(ConcurrencyProperties properties, TomcatServerProperties tomcat, FastRejectHandler fastReject,
      AdmissionEstimator estimator, ListableBeanFactory beans) {
    List<String> names = List.of(beans.getBeanNamesForType(ConcurrencyModel.class, true, false));
    if (!names.contains(properties.concurrency())) {
      throw new InvalidConfigurationPropertyValueException("statecraft.concurrency", properties.concurrency(),
          "It must be one of " + String.join(", ", names) + ".");
    }
    this.fastReject = fastReject;
    this.estimator = estimator;
    this.model = beans.getBean(properties.concurrency(), ConcurrencyModel.class);
    // Tomcat hands over each connection once at a time, so this queue never overflows.
    this.sheddingThread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(tomcat.getMaxConnections()), Thread.ofPlatform().name("shedding").daemon().factory());
  }

  ConcurrencyModel model() {
    return model;
  }

  @Override
  public void execute(Runnable connection) {
    if (estimator.isWaitTooLong()) {
      shed(connection);
      return;
    }
    try {
      model.execute(connection);
    } catch (RejectedExecutionException noCapacity) {
      shed(connection);
    }
  }

  private void shed(Runnable connection) {
    sheddingThread.execute(() -> ScopedValue.where(SHEDDING, fastReject).run(connection));
  }

  @Override
  public void destroy() {
    sheddingThread.shutdownNow();
  }
}
