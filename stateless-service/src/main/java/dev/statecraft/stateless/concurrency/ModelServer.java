package dev.statecraft.stateless.concurrency;

import dev.statecraft.stateless.NodeProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Puts the chosen model under Tomcat, and shows it in the metrics. */
@Component
class ModelServer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
  /**
   * Of each of the two buffers of a connection. Tomcat has 8 KiB: a good part of a small heap, where thousands are
   * open.
   */
  static final int BUFFER_BYTES = 2_048;

  /**
   * How many connections' buffers are kept for the next ones. Below 2 GiB of heap Tomcat keeps none; most 503 that are
   * not {@link FastRejectResponse}'s end a connection, so they are made anew when there is least time to collect the
   * old ones.
   */
  private static final String KEPT_BUFFERS = "1000";

  private final Admission admission;
  private final NodeProperties node;
  private final FastRejectResponse refusal;

  ModelServer(Admission admission, FastRejectResponse refusal, ConcurrencyProperties properties, NodeProperties node,
      MeterRegistry registry) {
    this.admission = admission;
    this.node = node;
    this.refusal = refusal;
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
      connector.setProperty("socket.bufferPool", KEPT_BUFFERS);
    });
    factory.addEngineValves(new ShedValve(node.node(), refusal.shed()));
  }
}
