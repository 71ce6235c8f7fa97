package dev.statecraft.service;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.cpu.CpuBurner;
import dev.statecraft.service.drain.Drain;
import dev.statecraft.service.fanout.FanoutProperties;
import dev.statecraft.service.health.ReadinessController;
import dev.statecraft.service.node.NodeProperties;
import dev.statecraft.service.node.WhoAmIController;
import dev.statecraft.service.relay.RelayProperties;
import dev.statecraft.service.relay.RelayProtocol;
import dev.statecraft.service.work.WorkProperties;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of the API that the stateless and the reactive service share; an application imports this class. */
@Configuration(proxyBeanMethods = false)
@Import({AdmissionEstimator.class, CancelledRequests.class, CpuBurner.class,
  Drain.class, ReadinessController.class, RelayProtocol.class, WhoAmIController.class})
@EnableConfigurationProperties({FanoutProperties.class,
  NodeProperties.class, RelayProperties.class,
  WorkProperties.class})
public class SharedApiConfiguration {
  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }
}
