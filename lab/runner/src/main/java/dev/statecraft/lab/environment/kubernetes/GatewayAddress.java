package dev.statecraft.lab.environment.kubernetes;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Derives the URLs at which the gateways of a release may be reachable from their Service and pods. */
final class GatewayAddress {
  private GatewayAddress() {}

  /**
   * The URLs to try, in this order: the load balancers, the node port on the hosts of the gateways, and the cluster IP,
   * which is reachable from pods and hosts of the cluster.
   */
  static List<URI> candidates(Service service, List<Pod> gateways) {
    List<URI> candidates = new ArrayList<>();
    ServicePort port = service.getSpec().getPorts().getFirst();
    loadBalancers(service).map(host -> uri(host, port.getPort())).forEach(candidates::add);
    Integer nodePort = port.getNodePort();
    if (nodePort != null && nodePort > 0) {
      gateways.stream().map(pod -> Optional.ofNullable(pod.getStatus().getHostIP())).flatMap(Optional::stream)
          .distinct().sorted().map(host -> uri(host, nodePort)).forEach(candidates::add);
    }
    String clusterIp = service.getSpec().getClusterIP();
    if (clusterIp != null && !clusterIp.isEmpty() && !clusterIp.equals("None")) {
      candidates.add(uri(clusterIp, port.getPort()));
    }
    return List.copyOf(candidates);
  }

  /** The URL for pods of the same namespace. */
  static URI inCluster(Service service) {
    int port = service.getSpec().getPorts().getFirst().getPort();
    return URI.create("http://" + service.getMetadata().getName() + (port == 80 ? "" : ":" + port));
  }

  private static Stream<String> loadBalancers(Service service) {
    if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
      return Stream.empty();
    }
    List<LoadBalancerIngress> ingress = service.getStatus().getLoadBalancer().getIngress();
    return ingress == null ? Stream.empty() : ingress.stream().map(GatewayAddress::host).filter(Objects::nonNull);
  }

  private static @Nullable String host(LoadBalancerIngress ingress) {
    return ingress.getHostname() == null || ingress.getHostname().isEmpty() ? ingress.getIp() : ingress.getHostname();
  }

  private static URI uri(String host, int port) {
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }
}
