package dev.statecraft.lab.environment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatewayAddressTest {
  private final List<Pod> gateways = List.of(on("192.0.2.8"), on("192.0.2.7"), on("192.0.2.8"));

  @Test
  void triesTheClusterIp() {
    assertThat(GatewayAddress.candidates(service("ClusterIP", "10.96.0.7", null).build(), gateways))
        .containsExactly(URI.create("http://10.96.0.7:80"));
  }

  @Test
  void triesTheNodePortOnEachGatewayHost() {
    assertThat(GatewayAddress.candidates(service("NodePort", "10.96.0.7", 30080).build(), gateways)).containsExactly(
        URI.create("http://192.0.2.7:30080"), URI.create("http://192.0.2.8:30080"), URI.create("http://10.96.0.7:80"));
  }

  @Test
  void triesLoadBalancersFirst() {
    ServiceBuilder service = service("LoadBalancer", "10.96.0.7", 30080).withNewStatus().withNewLoadBalancer()
        .addNewIngress().withIp("198.51.100.1").endIngress().addNewIngress().withHostname("shop.example.com")
        .endIngress().endLoadBalancer().endStatus();

    assertThat(GatewayAddress.candidates(service.build(), gateways)).startsWith(URI.create("http://198.51.100.1:80"),
        URI.create("http://shop.example.com:80"));
  }

  @Test
  void podsUseTheServiceName() {
    assertThat(GatewayAddress.inCluster(service("ClusterIP", "10.96.0.7", null).build()))
        .isEqualTo(URI.create("http://shop-gateway"));
  }

  @Test
  void putsIpv6AddressesInBrackets() {
    assertThat(GatewayAddress.candidates(service("ClusterIP", "fd00::7", null).build(), List.of()))
        .containsExactly(URI.create("http://[fd00::7]:80"));
  }

  private static ServiceBuilder service(String type, String address, @Nullable Integer nodePort) {
    return new ServiceBuilder().withNewMetadata().withName("shop-gateway").endMetadata().withNewSpec().withType(type)
        .withClusterIP(address).addNewPort().withName("http").withPort(80).withNodePort(nodePort).endPort().endSpec();
  }

  private static Pod on(String machine) {
    return new PodBuilder().withNewStatus().withHostIP(machine).endStatus().build();
  }
}
