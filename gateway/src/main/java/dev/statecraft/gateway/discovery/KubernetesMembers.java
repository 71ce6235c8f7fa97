package dev.statecraft.gateway.discovery;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The ready addresses of a Kubernetes Service, from a watch on its Endpoints. A node is named by its pod, so a pod of a
 * StatefulSet that returns at a new address keeps its name. The watch reconnects by itself; until then the nodes stay
 * unchanged.
 *
 * <p>If no address is ready, the nodes stay for {@link #EMPTY_HOLD}: the kubelet or the control plane may be at fault,
 * and the gateway's own probes find out which nodes serve.
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

  /** How long the last nodes stay without any ready address. */
  public static final Duration EMPTY_HOLD = Duration.ofSeconds(30);

  private final String serviceId;
  private final Target target;
  private final Sinks.Many<List<ServiceInstance>> members = Sinks.many().replay().latest();
  private final SharedIndexInformer<Endpoints> informer;
  private final Duration emptyHold;
  private final Scheduler timer;
  private volatile boolean known;

  /** Starts the watch in the background. */
  public KubernetesMembers(String serviceId, Target target, KubernetesClient client) {
    this(serviceId, target, client, EMPTY_HOLD, Schedulers.parallel());
  }

  KubernetesMembers(String serviceId, Target target, KubernetesClient client, Duration emptyHold, Scheduler timer) {
    this.serviceId = serviceId;
    this.emptyHold = emptyHold;
    this.timer = timer;
    this.target = target;
    String namespace = target.namespace() == null ? client.getNamespace() : target.namespace();
    this.informer = client.endpoints().inNamespace(namespace).withName(target.service())
        .runnableInformer(0);
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
    return members.asFlux().switchMap(found -> found.isEmpty() && known
        ? Mono.just(found).delayElement(emptyHold, timer)
        : Mono.just(found)).doOnNext(found -> known = !found.isEmpty()).distinctUntilChanged();
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
