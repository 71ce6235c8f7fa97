package dev.statecraft.gateway.discovery;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
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
 * The ready addresses of a Kubernetes Service, from a watch on its EndpointSlices, or on its Endpoints where those
 * cannot be read. A node is named by its pod, so a pod of a StatefulSet that returns at a new address keeps its name.
 * The watch reconnects by itself; until then the nodes stay unchanged.
 *
 * <p>If no address is ready, the nodes stay for {@link #EMPTY_HOLD}: the kubelet or the control plane may be at fault,
 * and the gateway's own probes find out which nodes serve.
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

  /** Returns the metadata of a pod of this name, in this zone; the zone is empty if it is unknown. */
  @FunctionalInterface
  public interface Metadata {
    Map<String, String> of(String pod, String zone);
  }

  /** How long the last nodes stay without any ready address. */
  public static final Duration EMPTY_HOLD = Duration.ofSeconds(30);

  private final String serviceId;
  private final Target target;
  private final Metadata metadata;
  private final Sinks.Many<List<ServiceInstance>> members = Sinks.many().replay().latest();
  private final EndpointWatch watch;
  private final Duration emptyHold;
  private final Scheduler timer;
  private volatile boolean known;

  /** Starts the watch in the background. */
  public KubernetesMembers(String serviceId, Target target, Metadata metadata, KubernetesClient client) {
    this(serviceId, target, metadata, client, EMPTY_HOLD, Schedulers.parallel());
  }

  KubernetesMembers(String serviceId, Target target, Metadata metadata, KubernetesClient client, Duration emptyHold,
      Scheduler timer) {
    this.metadata = metadata;
    this.serviceId = serviceId;
    this.emptyHold = emptyHold;
    this.timer = timer;
    this.target = target;
    String namespace = target.namespace() == null ? client.getNamespace() : target.namespace();
    this.watch = new EndpointWatch(client, namespace, target.service(), target.port(), this::publish);
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
    watch.close();
    members.tryEmitComplete();
  }

  private void publish(List<EndpointWatch.Address> addresses) {
    List<ServiceInstance> found = new ArrayList<>();
    for (EndpointWatch.Address address : addresses) {
      String host = address.ip().indexOf(':') < 0 ? address.ip() : '[' + address.ip() + ']';
      found.add(Member.of(serviceId, address.name(),
          URI.create(target.scheme() + "://" + host + ':' + address.port()),
          metadata.of(address.name(), address.zone())));
    }
    members.emitNext(List.copyOf(found), Sinks.EmitFailureHandler.FAIL_FAST);
  }
}
