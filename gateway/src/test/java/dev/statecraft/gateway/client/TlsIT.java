package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Clients reach the gateway by TLS; a node whose certificate is unknown gets no request. */
class TlsIT {
  private static final String PASSWORD = "changeit";

  @TempDir
  static Path directory;
  private static Backend shop;
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    Path store = directory.resolve("gateway.p12");
    Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair", "-alias", "gateway", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
        "SAN=dns:localhost,ip:127.0.0.1", "-validity", "2", "-keystore", store.toString(), "-storetype", "PKCS12",
        "-storepass", PASSWORD).redirectErrorStream(true).start();
    assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
    shop = Backend.start("shop");
    gateway = TestGateway.start(List.of("server.ssl.key-store=" + store, "server.ssl.key-store-password=" + PASSWORD,
        "management.server.port=0", "management.server.address=127.0.0.1", "management.server.ssl.enabled=false",
        "statecraft.gateway.routes.shop.prefix=/shop", "statecraft.gateway.routes.shop.nodes.shop=" + shop.url(),
        "statecraft.gateway.routes.unknown.prefix=/unknown",
        "statecraft.gateway.routes.unknown.nodes.plain=https://127.0.0.1:" + shop.port()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    shop.close();
  }

  @Test
  void clientUsesTls() throws Exception {
    shop.answering((request, response) -> response.send(request.receive().retain()));
    String text = "0123456789".repeat(20_000);
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri("/shop/x")).POST(BodyPublishers.ofString(text)));
    assertThat(response.body()).isEqualTo(text);
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(shop.received().getFirst().headers().get("X-Forwarded-Proto")).isEqualTo("https");
  }

  @Test
  void nodeWithoutTlsGetsNoRequestOverHttps() throws Exception {
    shop.answering((request, response) -> response.sendString(Mono.just("never")));
    assertThat(send(HttpRequest.newBuilder(uri("/unknown/x"))).statusCode()).isIn(502, 503, 504);
  }

  private static URI uri(String path) {
    return URI.create("https://localhost:" + gateway.port() + path);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("gateway.p12"))) {
      trusted.load(in, PASSWORD.toCharArray());
    }
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("gateway", trusted.getCertificate("gateway"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(certificates);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
