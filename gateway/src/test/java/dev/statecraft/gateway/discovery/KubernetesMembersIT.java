package dev.statecraft.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

@EnableKubernetesMockClient(crud = true)
@SuppressWarnings("NullAway.Init") // The extension sets the fields.
class KubernetesMembersIT {
  private KubernetesMockServer server;
  private KubernetesClient client;

  @Test
  void followsChangesOfReadyPods() throws InterruptedException {
    List<List<String>> found = new CopyOnWriteArrayList<>();
    client.endpoints().inNamespace("shops").resource(endpoints(Map.of("shop-0", "10.0.0.1"), "10.0.0.9")).create();
    KubernetesMembers members = new KubernetesMembers("shop",
        new KubernetesMembers.Target("shops", "shop", "http", "http"), client);
    Disposable subscription = members.get().subscribe(list -> found.add(list.stream().map(this::text).toList()));
    try {
      await().until(() -> found.equals(List.of(List.of("shop-0=http://10.0.0.1:8080"))));
      update(endpoints(Map.of("shop-0", "10.0.0.1", "shop-1", "10.0.0.2"), "10.0.0.9"));
      awaitLast(found, List.of("shop-0=http://10.0.0.1:8080", "shop-1=http://10.0.0.2:8080"));
      update(endpoints(Map.of("shop-0", "10.0.7.7", "shop-1", "10.0.0.2"), "10.0.0.9"));
      awaitLast(found, List.of("shop-0=http://10.0.7.7:8080", "shop-1=http://10.0.0.2:8080"));
    } finally {
      subscription.dispose();
      members.close();
    }
    // A Role that allows this one name is sufficient.
    for (int i = server.getRequestCount(); i > 0; i--) {
      var request = server.takeRequest(1, TimeUnit.SECONDS);
      assertThat(request).isNotNull();
      if (request.getMethod().equals("GET")) {
        assertThat(request.getPath()).startsWith("/api/v1/namespaces/shops/endpoints")
            .containsAnyOf("fieldSelector=metadata.name%3Dshop", "endpoints/shop");
      }
    }
  }

  @Test
  void keepsPodsForATimeWhileNoneIsReady() {
    List<List<String>> found = new CopyOnWriteArrayList<>();
    VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    client.endpoints().inNamespace("shops").resource(endpoints(Map.of("shop-0", "10.0.0.1"), "10.0.0.9")).create();
    KubernetesMembers members = new KubernetesMembers("shop",
        new KubernetesMembers.Target("shops", "shop", "http", "http"), client, KubernetesMembers.EMPTY_HOLD, timer);
    Disposable subscription = members.get().subscribe(list -> found.add(list.stream().map(this::text).toList()));
    try {
      await().until(() -> !found.isEmpty());
      update(endpoints(Map.of(), "10.0.0.9"));
      update(endpoints(Map.of("shop-1", "10.0.0.2"), "10.0.0.9"));
      awaitLast(found, List.of("shop-1=http://10.0.0.2:8080"));
      assertThat(found).doesNotContain(List.of());
      update(endpoints(Map.of(), "10.0.0.9"));
      await().until(() -> {
        timer.advanceTimeBy(KubernetesMembers.EMPTY_HOLD);
        return found.getLast().isEmpty();
      });
    } finally {
      subscription.dispose();
      members.close();
    }
  }

  private void update(Endpoints endpoints) {
    client.endpoints().inNamespace("shops").resource(endpoints).update();
  }

  private String text(ServiceInstance instance) {
    return instance.getInstanceId() + "=" + instance.getUri();
  }

  private static void awaitLast(List<List<String>> found, List<String> expected) {
    await().atMost(Duration.ofSeconds(20)).until(() -> found.getLast().equals(expected));
  }

  private static Endpoints endpoints(Map<String, String> ready, String notReady) {
    var subset = new EndpointsBuilder().withNewMetadata().withName("shop").withNamespace("shops").endMetadata()
        .addNewSubset().addNewPort().withName("metrics").withPort(9090).endPort().addNewPort().withName("http")
        .withPort(8080).endPort().addNewNotReadyAddress().withIp(notReady).endNotReadyAddress();
    ready.forEach((pod, ip) -> subset.addNewAddress().withIp(ip).withNewTargetRef().withKind("Pod").withName(pod)
        .endTargetRef().endAddress());
    return subset.endSubset().build();
  }
}
