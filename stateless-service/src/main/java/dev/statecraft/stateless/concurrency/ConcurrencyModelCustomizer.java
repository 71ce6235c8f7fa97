package dev.statecraft.stateless.concurrency;

import dev.statecraft.service.admission.OverloadResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Makes Tomcat use the chosen model, and publishes its metrics. */
@Component
class ConcurrencyModelCustomizer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
  /** Size of each of the two buffers of a connection. Tomcat's 8 KiB fill a small heap when thousands are open. */
  static final int BUFFER_BYTES = 2_048;

  /**
   * Number of connections whose buffers are reused. Below 2 GiB of heap Tomcat reuses none: under overload, when most
   * connections are short, it would allocate new buffers when there is least time to collect the old ones.
   */
  private static final String BUFFER_POOL_SIZE = "1000";

  private final AdmissionExecutor admission;
  private final OverloadResponse overload;

  ConcurrencyModelCustomizer(AdmissionExecutor admission, OverloadResponse overload, ConcurrencyProperties properties,
      MeterRegistry registry) {
    this.admission = admission;
    this.overload = overload;
    String name = properties.concurrency();
    Gauge.builder("concurrency.threads.live", admission.model(), ConcurrencyModel::liveThreads)
        .description("Threads of the model, busy or idle").tag("model", name).register(registry);
    Gauge.builder("concurrency.queue", admission.model(), ConcurrencyModel::queued)
        .description("Connections that wait for a thread").tag("model", name).register(registry);
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addProtocolHandlerCustomizers(protocol -> protocol.setExecutor(admission));
    factory.addConnectorCustomizers(connector -> {
      connector.setProperty("socket.appReadBufSize", Integer.toString(BUFFER_BYTES));
      connector.setProperty("socket.appWriteBufSize", Integer.toString(BUFFER_BYTES));
      connector.setProperty("socket.bufferPool", BUFFER_POOL_SIZE);
    });
    factory.addEngineValves(new LoadSheddingValve(overload));
  }
}
