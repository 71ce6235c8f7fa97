package dev.statecraft.gateway.discovery;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The ready addresses of a Kubernetes Service, from a watch on its Endpoints. A node is named by its pod, so a pod of a
 * StatefulSet that returns at a new address keeps its name. The watch reconnects by itself; until then the nodes stay
 * unchanged.
 *
 * <p>The watch reads Endpoints, not EndpointSlices: a Role can allow one object by name, and every version of
 * Kubernetes serves it in the same form. Kubernetes truncates Endpoints at 1,000 addresses.
 */
public final class KubernetesMembers implements ServiceInstanceListSupplier, AutoCloseable {
  /**
   * The Service to watch.
   *
   * @param namespace of the Service; if null, the gateway's own
   * @param service name of the Service
   * @param port name or number of the pods' port
   * @param scheme http or https
   */
  public record Target(@Nullable String namespace, String service, String port, String scheme) {}

  private final String serviceId;
  private final Target target;
  private final Sinks.Many<List<ServiceInstance>> members = Sinks.many().replay().latest();
  private final SharedIndexInformer<Endpoints> informer;

  /** Starts the watch in the background. */
  public KubernetesMembers(String serviceId, Target target, KubernetesClient client) {
    this.serviceId = serviceId;
    this.target = target;
    String namespace = target.namespace() == null ? client.getNamespace() : target.namespace();
    this.informer = client.endpoints().inNamespace(namespace).withName(target.service()).runnableInformer(0);
    informer.addEventHandler(new ResourceEventHandler<>() {
      @Override
      public void onAdd(Endpoints endpoints) {
        publish(endpoints);
      }

      @Override
      public void onUpdate(Endpoints before, Endpoints endpoints) {
        publish(endpoints);
      }

      @Override
      public void onDelete(Endpoints endpoints, boolean unknown) {
        // The pods of a deleted Service may still serve; probes find out when they stop.
      }
    });
    // Retries both a failed start and a broken watch.
    informer.exceptionHandler((started, failure) -> true);
    var _ = informer.start();
  }

  @Override
  public String getServiceId() {
    return serviceId;
  }

  @Override
  public Flux<List<ServiceInstance>> get() {
    return members.asFlux().distinctUntilChanged();
  }

  @Override
  public void close() {
    informer.close();
    members.tryEmitComplete();
  }

  private void publish(Endpoints endpoints) {
    List<ServiceInstance> found = new ArrayList<>();
    for (EndpointSubset subset : endpoints.getSubsets()) {
      Integer port = port(subset);
      for (EndpointAddress address : port == null ? List.<EndpointAddress>of() : subset.getAddresses()) {
        String name = address.getTargetRef() == null ? address.getIp() : address.getTargetRef().getName();
        String host = address.getIp().indexOf(':') < 0 ? address.getIp() : '[' + address.getIp() + ']';
        found.add(Member.of(serviceId, name, URI.create(target.scheme() + "://" + host + ':' + port), Map.of()));
      }
    }
    found.sort(Comparator.comparing(member -> String.valueOf(member.getInstanceId())));
    members.emitNext(List.copyOf(found), Sinks.EmitFailureHandler.FAIL_FAST);
  }

  private @Nullable Integer port(EndpointSubset subset) {
    for (EndpointPort port : subset.getPorts()) {
      if (target.port().equals(port.getName()) || target.port().equals(String.valueOf(port.getPort()))) {
        return port.getPort();
      }
    }
    return null;
  }
}
