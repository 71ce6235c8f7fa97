package dev.statecraft.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.client.ServiceInstance;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

@EnableKubernetesMockClient(crud = true, https = false)
@SuppressWarnings("NullAway.Init") // The extension sets the fields.
class KubernetesMembersIT {
  private static final String SLICES_PATH = "/apis/discovery.k8s.io/v1/namespaces/shops/endpointslices"
      + "?labelSelector=kubernetes.io%2Fservice-name%3Dshop&resourceVersion=0";

  private KubernetesMockServer server;
  private KubernetesClient client;

  private final List<List<String>> found = new CopyOnWriteArrayList<>();
  private @Nullable KubernetesMembers members;
  private @Nullable Disposable subscription;

  @AfterEach
  void stop() {
    if (subscription != null) {
      subscription.dispose();
    }
    if (members != null) {
      members.close();
    }
  }

  @Test
  void followsChangesOfReadyPods() {
    create(slice("shop-a", Map.of("shop-0", "10.0.0.1"), "10.0.0.9"));
    create(slice("shop-b", Map.of("shop-1", "10.0.0.2"), "10.0.0.8"));
    start();
    awaitLast("shop-0=http://10.0.0.1:8080", "shop-1=http://10.0.0.2:8080");
    update(slice("shop-a", Map.of("shop-0", "10.0.7.7", "shop-2", "10.0.0.3"), "10.0.0.9"));
    awaitLast("shop-0=http://10.0.7.7:8080", "shop-1=http://10.0.0.2:8080", "shop-2=http://10.0.0.3:8080");
    client.discovery().v1().endpointSlices().inNamespace("shops").withName("shop-b").delete();
    awaitLast("shop-0=http://10.0.7.7:8080", "shop-2=http://10.0.0.3:8080");
  }

  @Test
  void otherServicesAreIgnored() {
    EndpointSlice other = slice("other-a", Map.of("other-0", "10.0.0.7"), "10.0.0.9");
    other.getMetadata().setLabels(Map.of("kubernetes.io/service-name", "other"));
    create(other);
    create(slice("shop-a", Map.of("shop-0", "10.0.0.1"), "10.0.0.9"));
    start();
    awaitLast("shop-0=http://10.0.0.1:8080");
  }

  @Test
  void podWithTwoFamiliesCountsOnce() {
    create(slice("shop-v4", Map.of("shop-0", "10.0.0.1"), "10.0.0.9"));
    EndpointSlice ipv6 = slice("shop-v6", Map.of("shop-0", "fd00::1", "shop-1", "fd00::2"), "fd00::9");
    ipv6.setAddressType("IPv6");
    create(ipv6);
    start();
    awaitLast("shop-0=http://10.0.0.1:8080", "shop-1=http://[fd00::2]:8080");
  }

  @Test
  void readsZonesOfPods() {
    EndpointSlice slice = slice("shop-a", Map.of("shop-0", "10.0.0.1"), "10.0.0.9");
    slice.getEndpoints().getLast().setZone("zone-a");
    create(slice);
    start();
    awaitLast("shop-0=http://10.0.0.1:8080 in zone-a");
  }

  @Test
  void deletedServiceKeepsItsNodes() {
    create(slice("shop-a", Map.of("shop-0", "10.0.0.1"), "10.0.0.9"));
    start();
    awaitLast("shop-0=http://10.0.0.1:8080");
    client.discovery().v1().endpointSlices().inNamespace("shops").withName("shop-a").delete();
    create(slice("shop-b", Map.of("shop-1", "10.0.0.2"), "10.0.0.9"));
    awaitLast("shop-1=http://10.0.0.2:8080");
    assertThat(found).doesNotContain(List.of());
  }

  @Test
  void keepsPodsForATimeWhileNoneIsReady() {
    VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    create(slice("shop-a", Map.of("shop-0", "10.0.0.1"), "10.0.0.9"));
    start(timer);
    awaitLast("shop-0=http://10.0.0.1:8080");
    update(slice("shop-a", Map.of(), "10.0.0.9"));
    update(slice("shop-a", Map.of("shop-1", "10.0.0.2"), "10.0.0.9"));
    awaitLast("shop-1=http://10.0.0.2:8080");
    assertThat(found).doesNotContain(List.of());
    update(slice("shop-a", Map.of(), "10.0.0.9"));
    await().until(() -> {
      timer.advanceTimeBy(KubernetesMembers.EMPTY_HOLD);
      return found.getLast().isEmpty();
    });
  }

  /** Kubernetes 1.20 answers 404, and a Role that allows only Endpoints 403. */
  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void readsEndpointsWhereSlicesCannotBeRead(int status) {
    server.expect().get().withPath(SLICES_PATH).andReturn(status, "").always();
    client.endpoints().inNamespace("shops").resource(endpoints(Map.of("shop-0", "10.0.0.1"), "10.0.0.9")).create();
    start();
    awaitLast("shop-0=http://10.0.0.1:8080");
    client.endpoints().inNamespace("shops")
        .resource(endpoints(Map.of("shop-0", "10.0.7.7", "shop-1", "10.0.0.2"), "10.0.0.9")).update();
    awaitLast("shop-0=http://10.0.7.7:8080", "shop-1=http://10.0.0.2:8080");
  }

  private void start() {
    start(Schedulers.parallel());
  }

  private void start(Scheduler timer) {
    members = new KubernetesMembers("shop", new KubernetesMembers.Target("shops", "shop", "http", "http"),
        (pod, zone) -> Map.of(Member.ZONE, zone), client, KubernetesMembers.EMPTY_HOLD, timer);
    subscription = members.get().subscribe(list -> found.add(list.stream().map(KubernetesMembersIT::text).toList()));
  }

  private void create(EndpointSlice slice) {
    client.discovery().v1().endpointSlices().inNamespace("shops").resource(slice).create();
  }

  private void update(EndpointSlice slice) {
    client.discovery().v1().endpointSlices().inNamespace("shops").resource(slice).update();
  }

  private static String text(ServiceInstance instance) {
    String zone = Objects.requireNonNull(instance.getMetadata()).getOrDefault(Member.ZONE, "");
    return instance.getInstanceId() + "=" + instance.getUri() + (zone.isEmpty() ? "" : " in " + zone);
  }

  private void awaitLast(String... expected) {
    await().atMost(Duration.ofSeconds(20)).untilAsserted(
        () -> assertThat(found).last().asInstanceOf(list(String.class)).containsExactly(expected));
  }

  private static EndpointSlice slice(String name, Map<String, String> ready, String notReady) {
    EndpointSliceBuilder slice = new EndpointSliceBuilder().withNewMetadata().withName(name).withNamespace("shops")
        .addToLabels("kubernetes.io/service-name", "shop").endMetadata().withAddressType("IPv4").addNewPort()
        .withName("management").withPort(8081).endPort().addNewPort().withName("http").withPort(8080).endPort()
        .addToEndpoints(new EndpointBuilder().withAddresses(notReady).withNewConditions().withReady(false)
            .endConditions().build());
    ready.forEach((pod, ip) -> slice.addToEndpoints(new EndpointBuilder().withAddresses(ip).withNewTargetRef()
        .withKind("Pod").withName(pod).endTargetRef().build()));
    return slice.build();
  }

  private static Endpoints endpoints(Map<String, String> ready, String notReady) {
    var subset = new EndpointsBuilder().withNewMetadata().withName("shop").withNamespace("shops").endMetadata()
        .addNewSubset().addNewPort().withName("management").withPort(8081).endPort().addNewPort().withName("http")
        .withPort(8080).endPort().addNewNotReadyAddress().withIp(notReady).endNotReadyAddress();
    ready.forEach((pod, ip) -> subset.addNewAddress().withIp(ip).withNewTargetRef().withKind("Pod").withName(pod)
        .endTargetRef().endAddress());
    return subset.endSubset().build();
  }
}
