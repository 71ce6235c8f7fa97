package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.shop.Browser.Page;
import com.example.shop.Replica.ExtractedJar;
import com.example.shop.Store.Backend;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The unchanged shop on every store: two replicas (three where a majority is needed), one of which is killed. */
class SecuredShopIT {
  @TempDir
  private static Path extracted;

  private static ExtractedJar jar;

  @TempDir
  private Path directory;

  private final List<Replica> replicas = new ArrayList<>();

  @BeforeAll
  static void extract() throws Exception {
    jar = ExtractedJar.extract(
        Path.of("target", "secured-shop.jar"),
        SecuredShop.class.getName(),
        extracted,
        "--statecraft.session.strategy=affinity",
        "--server.port=0");
  }

  @ParameterizedTest
  @EnumSource
  void keepsSessionsAsGuaranteed(Store store) throws Exception {
    try (Backend backend = store.start(directory)) {
      startReplicas(store, backend);
      URI first = replicas.get(0).address();
      URI second = replicas.get(1).address();

      rejectsWrongPasswordAndForgedForm(first);
      logsOutOnAllReplicas(store, first, second);
      logsOutAllBrowsers(store, first, second);

      Browser ada = new Browser(first);
      assertThat(ada.logIn("ada", "engine").body()).contains("Basket of ada");
      assertThat(ada.post("/basket", "item=<tea>").body()).contains("<li>&lt;tea&gt;</li>");
      if (store.anyReplica) {
        assertThat(ada.at(second).post("/basket", "item=milk").body()).contains("<li>milk</li>");
        assertThat(ada.at(first).get("/").body()).contains("&lt;tea&gt;</li><li>milk");
      }

      replicas.removeFirst().close();
      if (store.survivesReplica) {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> ada.at(second).get("/").body(), body -> body.contains("&lt;tea&gt;</li><li>milk"));
        assertThat(ada.post("/basket", "item=bread").body()).contains("<li>bread</li>");
      } else {
        assertThat(ada.at(second).get("/")).matches(Page::isLogin);
        assertThat(ada.logIn("ada", "engine").body()).contains("Basket of ada").doesNotContain("tea");
      }
    } finally {
      replicas.forEach(Replica::close);
    }
  }

  private void startReplicas(Store store, Backend backend) {
    for (int number = 1; number <= store.replicas(); number++) {
      replicas.add(
          Replica.ofExtractedJar(
              jar, store.libraries(), backend.propertiesOf(store, number), directory.resolve("n" + number + ".log")));
    }
    replicas.forEach(replica -> replica.awaitReady("/login"));
  }

  private static void rejectsWrongPasswordAndForgedForm(URI replica) {
    Browser stranger = new Browser(replica);
    assertThat(stranger.logIn("ada", "wrong")).matches(Page::isLogin);
    assertThat(stranger.get("/")).matches(Page::isLogin);
    Browser forger = new Browser(replica);
    forger.post("/login", "username=ada", "password=engine");
    assertThat(forger.get("/")).as("after a login form without CSRF token").matches(Page::isLogin);
  }

  private static void logsOutOnAllReplicas(Store store, URI first, URI second) {
    Browser browser = new Browser(first);
    browser.logIn("ada", "engine");
    Map<String, String> copied = browser.cookies();
    assertThat(browser.at(store.anyReplica ? second : first).post("/logout")).matches(Page::isLogin);
    assertThat(browser.get("/")).matches(Page::isLogin);

    for (URI replica : List.of(first, second)) {
      assertThat(new Browser(replica).with(copied).get("/").isLogin())
          .as("copied cookies are rejected at %s", replica)
          .isEqualTo(store.revokes);
    }
  }

  private static void logsOutAllBrowsers(Store store, URI first, URI second) {
    Browser phone = new Browser(first);
    Browser laptop = new Browser(first);
    Browser bob = new Browser(first);
    phone.logIn("ada", "engine");
    laptop.logIn("ada", "engine");
    bob.logIn("bob", "builder");
    assertThat(phone.at(store.anyReplica ? second : first).post("/logout-everywhere")).matches(Page::isLogin);

    assertThat(phone.get("/")).matches(Page::isLogin);
    assertThat(laptop.get("/").isLogin()).as("the other browser of the user").isEqualTo(store.findsByUser);
    assertThat(bob.get("/").body()).contains("Basket of bob");
  }
}
