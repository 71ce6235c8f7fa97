package dev.statecraft.gateway.discovery;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;

/** The nodes in the configuration. They do not change while the gateway runs. */
public final class StaticMembers implements ServiceInstanceListSupplier {
  private final String serviceId;
  private final List<ServiceInstance> members;

  public StaticMembers(String serviceId, List<ServiceInstance> members) {
    this.serviceId = serviceId;
    this.members = List.copyOf(members);
  }

  @Override
  public String getServiceId() {
    return serviceId;
  }

  /** Emits the list once and does not complete. */
  @Override
  public Flux<List<ServiceInstance>> get() {
    return Flux.just(members).concatWith(Flux.never());
  }
}
