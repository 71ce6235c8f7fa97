package dev.statecraft.reactive;

import dev.statecraft.architecture.MetricsReference;
import dev.statecraft.service.contract.ManagementPortContract;
import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, ManagementPortContract.OWN_PORT})
class ManagementPortTest extends RunningService implements ManagementPortContract {
  @Autowired
  private ApplicationContext context;

  @Override
  public ApplicationContext context() {
    return context;
  }

  @Test
  void referenceDescribesMetricsOfTheService() {
    MetricsReference.assertDescribes(context.getBean(PrometheusMeterRegistry.class).scrape(), "concurrency_", "work_");
  }
}
