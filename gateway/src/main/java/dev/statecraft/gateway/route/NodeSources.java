package dev.statecraft.gateway.route;

import dev.statecraft.gateway.discovery.DnsMembers;
import dev.statecraft.gateway.discovery.FileMembers;
import dev.statecraft.gateway.discovery.KubernetesMembers;
import dev.statecraft.gateway.discovery.Member;
import dev.statecraft.gateway.discovery.StaticMembers;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;

/**
 * Opens the source of nodes that a route names.
 *
 * @param kubernetes asked for only by a route that needs it
 */
record NodeSources(EventLoops loops, Supplier<KubernetesClient> kubernetes) {
  /** Returns the source; it is to be closed where it is {@link AutoCloseable}. */
  ServiceInstanceListSupplier open(String id, RouteSettings route) {
    return switch (route.discovery()) {
      case STATIC -> route.nodesFile() != null ? file(id, route) : listed(id, route);
      case DNS -> dns(id, route.dns());
      case KUBERNETES -> {
        RouteSettings.Kubernetes target = route.kubernetes();
        yield new KubernetesMembers(id,
            new KubernetesMembers.Target(target.namespace(), target.service(), target.port(), target.scheme()),
            kubernetes.get());
      }
    };
  }

  static FileMembers file(String id, RouteSettings route) {
    return new FileMembers(id, Objects.requireNonNull(route.nodesFile()),
        (name, address) -> member(id, route, name, SettingsCheck.address(name, address)));
  }

  private static ServiceInstanceListSupplier listed(String id, RouteSettings route) {
    List<Member> members = new ArrayList<>();
    new TreeMap<>(route.nodes()).forEach((name, uri) -> members.add(member(id, route, name, URI.create(uri))));
    return new StaticMembers(id, members);
  }

  private ServiceInstanceListSupplier dns(String id, RouteSettings.Dns dns) {
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String server : dns.servers()) {
      URI address = SettingsCheck.address("dns.servers", "http://" + server);
      servers.add(new InetSocketAddress(address.getHost(), address.getPort()));
    }
    return new DnsMembers(id, new DnsMembers.Question(dns.name(), dns.port(), dns.scheme(), servers, dns.refresh()),
        loops.all());
  }

  private static Member member(String id, RouteSettings route, String name, URI uri) {
    int position = List.copyOf(new TreeSet<>(route.nodes().keySet())).indexOf(name) + 1;
    String label = position == 0 ? name : "Node " + position;
    return new Member(id, name, uri,
        Map.of(Member.WEIGHT, Integer.toString(route.weights().getOrDefault(name, 1)), Member.GROUP,
            route.groups().getOrDefault(name, ""), Member.LABEL, route.labels().getOrDefault(name, label)));
  }
}
