package dev.statecraft.gateway.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch on the ready addresses of a Service: on its EndpointSlices, or on its Endpoints where the API server does not
 * serve {@code discovery.k8s.io/v1} (Kubernetes 1.20) or the Role does not allow it. Kubernetes truncates Endpoints at
 * 1,000 addresses. The watch reconnects by itself. Thread-safe.
 */
final class EndpointWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EndpointWatch.class);
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  /**
   * A ready address.
   *
   * @param name of the pod, or else the address
   * @param zone of the pod's machine; empty if it is unknown
   */
  record Address(String name, String ip, int port, String zone) {}

  private final KubernetesClient client;
  private final String namespace;
  private final String service;
  private final String port;
  private final Consumer<List<Address>> listener;

  @GuardedBy("this")
  private SharedIndexInformer<?> informer;
  @GuardedBy("this")
  private boolean closed;

  /**
   * Starts the watch in the background.
   *
   * @param port name or number of the pods' port
   * @param listener gets the addresses by name at each change; is not called while the Service does not exist
   */
  EndpointWatch(KubernetesClient client, String namespace, String service, String port,
      Consumer<List<Address>> listener) {
    this.client = client;
    this.namespace = namespace;
    this.service = service;
    this.port = port;
    this.listener = listener;
    SharedIndexInformer<EndpointSlice> slices = client.discovery().v1().endpointSlices().inNamespace(namespace)
        .withLabel(SERVICE_LABEL, service).runnableInformer(0);
    this.informer = slices;
    slices.addEventHandler(new Changes<>(() -> publishSlices(slices)));
    slices.exceptionHandler((started, failure) -> {
      if (!isUnavailable(failure)) {
        // Retries both a failed start and a broken watch.
        return true;
      }
      log.info("EndpointSlices of Service {}/{} cannot be read: {}; watching its Endpoints", namespace, service,
          failure.getMessage());
      watchEndpoints();
      return false;
    });
    var _ = slices.start().thenRun(() -> publishSlices(slices));
  }

  private synchronized void watchEndpoints() {
    if (closed) {
      return;
    }
    SharedIndexInformer<Endpoints> endpoints = client.endpoints().inNamespace(namespace).withName(service)
        .runnableInformer(0);
    informer = endpoints;
    endpoints.addEventHandler(new Changes<>(() -> publishEndpoints(endpoints)));
    endpoints.exceptionHandler((started, failure) -> true);
    var _ = endpoints.start();
  }

  private static boolean isUnavailable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refused) {
        return refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND
            || refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
      }
    }
    return false;
  }

  private synchronized void publishSlices(SharedIndexInformer<EndpointSlice> slices) {
    // Before that, the list could lack slices that are still to come.
    if (slices.hasSynced()) {
      publish(slices.getStore().list(), (slice, found) -> {
        Integer number = slice.getPorts().stream()
            .filter(candidate -> matches(candidate.getName(), candidate.getPort()))
            .map(io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort::getPort).findFirst().orElse(null);
        if (number != null) {
          slice.getEndpoints().stream().filter(EndpointWatch::isReady).forEach(
              endpoint -> add(found, endpoint.getTargetRef() == null ? null : endpoint.getTargetRef().getName(),
                  endpoint.getAddresses().getFirst(), number, endpoint.getZone()));
        }
      });
    }
  }

  /** Kubernetes leaves out a condition that it does not know; readers take that as ready. */
  private static boolean isReady(Endpoint endpoint) {
    return endpoint.getConditions() == null || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
  }

  private synchronized void publishEndpoints(SharedIndexInformer<Endpoints> endpoints) {
    publish(endpoints.getStore().list(), (object, found) -> {
      for (EndpointSubset subset : object.getSubsets()) {
        Integer number = subset.getPorts().stream()
            .filter(candidate -> matches(candidate.getName(), candidate.getPort())).map(EndpointPort::getPort)
            .findFirst().orElse(null);
        if (number != null) {
          subset.getAddresses().forEach(
              address -> add(found, address.getTargetRef() == null ? null : address.getTargetRef().getName(),
                  address.getIp(), number, null));
        }
      }
    });
  }

  private boolean matches(@Nullable String name, @Nullable Integer number) {
    return number != null && (port.equals(name) || port.equals(String.valueOf(number)));
  }

  /** A pod with addresses of two families, or in two slices while Kubernetes moves it, counts once. */
  private static void add(Map<String, Address> found, @Nullable String pod, String ip, int port,
      @Nullable String zone) {
    Address address = new Address(Objects.requireNonNullElse(pod, ip), ip, port, Objects.requireNonNullElse(zone, ""));
    found.merge(address.name(), address, (one, other) -> one.ip().compareTo(other.ip()) <= 0 ? one : other);
  }

  /** Nothing is published for a Service that is gone: its pods may still serve; probes find out when they stop. */
  @GuardedBy("this")
  private <T> void publish(List<T> objects, AddressReader<T> reader) {
    if (!objects.isEmpty() && !closed) {
      Map<String, Address> found = new TreeMap<>();
      objects.forEach(object -> reader.read(object, found));
      listener.accept(List.copyOf(found.values()));
    }
  }

  @Override
  public void close() {
    SharedIndexInformer<?> running;
    synchronized (this) {
      closed = true;
      running = informer;
    }
    running.close();
  }

  /** Adds the addresses of an object by name. */
  private interface AddressReader<T> {
    void read(T object, Map<String, Address> found);
  }

  private record Changes<T extends HasMetadata>(Runnable listener) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      listener.run();
    }

    @Override
    public void onUpdate(T before, T object) {
      listener.run();
    }

    @Override
    public void onDelete(T object, boolean unknown) {
      listener.run();
    }
  }
}
