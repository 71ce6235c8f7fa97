package dev.statecraft.gateway.upstream;

import dev.statecraft.gateway.discovery.DnsMembers;
import dev.statecraft.gateway.discovery.FileMembers;
import dev.statecraft.gateway.discovery.KubernetesMembers;
import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.discovery.NodeAddress;
import dev.statecraft.gateway.discovery.StaticMembers;
import dev.statecraft.gateway.settings.NodeNames;
import dev.statecraft.gateway.settings.RouteSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/**
 * Opens the discovery source of a route.
 *
 * @param bundles used only for a route with {@code ssl.bundle}
 * @param kubernetes used only for a route with discovery {@code kubernetes}
 */
public record NodeSources(EventLoops loops, Supplier<KubernetesClient> kubernetes, Supplier<SslBundles> bundles) {
  /**
   * Returns the TLS of a route; null for the default of the JVM.
   *
   * @param at the start of the route's properties
   * @throws dev.statecraft.gateway.settings.InvalidConfigurationException if its SSL bundle cannot be used
   */
  public @Nullable NodeTls tls(String at, RouteSettings route) {
    String bundle = route.ssl().bundle();
    return bundle == null ? null : NodeTls.open(at + "ssl.bundle", bundle, bundles.get());
  }

  /** Returns the source. The caller closes it if it is {@link AutoCloseable}. */
  public ServiceInstanceListSupplier open(String id, RouteSettings route) {
    return switch (route.discovery()) {
      case STATIC -> route.nodesFile() == null ? listed(id, route) : file(id, route, route.nodesFile());
      case DNS -> dns(id, route.dns());
      case KUBERNETES -> {
        RouteSettings.Kubernetes target = route.kubernetes();
        yield new KubernetesMembers(id,
            new KubernetesMembers.Target(target.namespace(), target.service(), target.port(), target.scheme()),
            (pod, zone) -> metadata(route, pod, zone), kubernetes.get());
      }
    };
  }

  private static FileMembers file(String id, RouteSettings route, Path file) {
    return new FileMembers(id, file, (name, address) -> member(id, route, name, NodeAddress.parse(address)));
  }

  private static ServiceInstanceListSupplier listed(String id, RouteSettings route) {
    List<ServiceInstance> members = new ArrayList<>();
    new TreeMap<>(route.nodes()).forEach((name, uri) -> members.add(member(id, route, name, URI.create(uri))));
    return new StaticMembers(id, members);
  }

  private ServiceInstanceListSupplier dns(String id, RouteSettings.Dns dns) {
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String server : dns.servers()) {
      URI address = NodeAddress.parse("http://" + server);
      servers.add(new InetSocketAddress(address.getHost(), address.getPort()));
    }
    return new DnsMembers(id, new DnsMembers.Query(dns.name(), dns.port(), dns.scheme(), servers, dns.refresh()),
        loops.all());
  }

  private static ServiceInstance member(String id, RouteSettings route, String name, URI uri) {
    return Member.of(id, name, uri, metadata(route, name, ""));
  }

  private static Map<String, String> metadata(RouteSettings route, String name, String zone) {
    int position = List.copyOf(new TreeSet<>(route.nodes().keySet())).indexOf(name) + 1;
    String label = position == 0 ? name : "Node " + position;
    return Map.of(Member.WEIGHT, Integer.toString(NodeNames.find(route.weights(), name, 1)), Member.GROUP,
        NodeNames.find(route.groups(), name, ""), Member.LABEL, NodeNames.find(route.labels(), name, label),
        Member.ZONE,
        NodeNames.find(route.zones(), name, zone));
  }
}
