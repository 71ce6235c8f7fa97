package dev.statecraft.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.netty.http.HttpResources;

class DnsMembersIT {
  private final TestDnsServer server = new TestDnsServer();
  private final List<List<URI>> found = new CopyOnWriteArrayList<>();
  private final Disposable.Swap subscription = Disposables.swap();

  @AfterEach
  void close() {
    subscription.dispose();
    server.close();
  }

  @Test
  void followsChangesOfAllAddresses() {
    server.answering(0, "127.0.0.1", "127.0.0.2");
    watch(Duration.ofMillis(200));
    awaitFound(uris("127.0.0.1", "127.0.0.2"));
    server.answering(0, "127.0.0.2", "127.0.0.3");
    awaitFound(uris("127.0.0.2", "127.0.0.3"));
    assertThat(found).hasSize(2);
  }

  @Test
  void queriesAgainWhenTimeToLiveEnds() {
    server.answering(0, "127.0.0.1");
    watch(Duration.ofHours(1));
    awaitFound(uris("127.0.0.1"));
    server.answering(3600, "127.0.0.2");
    awaitFound(uris("127.0.0.2"));
  }

  @Test
  void queriesAgainAfterRefreshDespiteLongerTimeToLive() {
    server.answering(3600, "127.0.0.1");
    watch(Duration.ofMillis(200));
    awaitFound(uris("127.0.0.1"));
    server.answering(3600, "127.0.0.2");
    awaitFound(uris("127.0.0.2"));
  }

  @Test
  void keepsNodesWithoutAnswerAndWithEmptyAnswer() {
    server.answering(0, "127.0.0.1");
    watch(Duration.ofMillis(200));
    awaitFound(uris("127.0.0.1"));
    server.answering(0);
    int before = server.queries();
    await().until(() -> server.queries() > before + 3);
    server.silent(true);
    int beforeSilence = server.queries();
    await().until(() -> server.queries() > beforeSilence);
    server.silent(false);
    server.answering(0, "127.0.0.9");
    awaitFound(uris("127.0.0.9"));
    assertThat(found).hasSize(2);
  }

  @Test
  void usesIpv6AddressesIfThereIsNoIpv4Address() {
    server.answering(0, "2001:db8::1");
    watch(Duration.ofMillis(200));
    await().until(() -> !found.isEmpty());
    assertThat(found.getFirst()).containsExactly(URI.create("http://[2001:db8:0:0:0:0:0:1]:8080"));
  }

  @Test
  void lostIpv4AnswerDoesNotReplaceNodesByIpv6Addresses() {
    server.answering(0, "127.0.0.1", "2001:db8::1");
    watch(Duration.ofMillis(200));
    awaitFound(uris("127.0.0.1"));
    server.ipv4Lost(true);
    int before = server.queries();
    await().until(() -> server.queries() > before + 1);
    server.ipv4Lost(false);
    server.answering(0, "127.0.0.2", "2001:db8::1");
    awaitFound(uris("127.0.0.2"));
    assertThat(found).hasSize(2);
  }

  private void watch(Duration refresh) {
    DnsMembers members = new DnsMembers("shop",
        new DnsMembers.Query("shop.example.", 8080, "http", List.of(server.address()), refresh),
        HttpResources.get());
    Disposable watch = members.get()
        .subscribe(list -> found.add(list.stream().map(ServiceInstance::getUri).toList()));
    subscription.update(Disposables.composite(watch, members::close));
  }

  private void awaitFound(List<URI> expected) {
    await().atMost(Duration.ofSeconds(20)).until(() -> !found.isEmpty() && found.getLast().equals(expected));
  }

  private static List<URI> uris(String... addresses) {
    return List.of(addresses).stream().map(address -> URI.create("http://" + address + ":8080")).toList();
  }
}
