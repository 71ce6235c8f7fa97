package dev.statecraft.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.TestGateway;
import dev.statecraft.gateway.settings.InvalidConfigurationException;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** TLS with certificates of both sides, from clients to the gateway and from the gateway to nodes, by SSL bundles. */
@ExtendWith(OutputCaptureExtension.class)
class MutualTlsIT {
  @TempDir
  static Path directory;
  private static X509Bundle authority;
  private static X509Bundle strange;
  private static final List<DisposableServer> NODES = new ArrayList<>();
  private static TestGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    authority = certificate("authority").setIsCertificateAuthority(true).buildSelfSigned();
    Files.writeString(directory.resolve("authority.pem"), authority.getCertificatePEM());
    write("front", localhost().buildIssuedBy(authority));
    write("nodes", certificate("gateway").buildIssuedBy(authority));
    strange = certificate("strange").setIsCertificateAuthority(true).buildSelfSigned();
    List<String> properties = new ArrayList<>(List.of("spring.ssl.bundle.watch.file.quiet-period=100ms",
        "server.ssl.bundle=front", "server.ssl.client-auth=need", "management.server.port=0",
        "management.server.ssl.enabled=false"));
    for (String bundle : List.of("front", "nodes")) {
      String root = "spring.ssl.bundle.pem." + bundle + '.';
      String file = "file:" + directory.resolve(bundle);
      properties.addAll(List.of(root + "reload-on-update=true", root + "keystore.certificate=" + file + ".pem",
          root + "keystore.private-key=" + file + ".key",
          root + "truststore.certificate=file:" + directory.resolve("authority.pem")));
    }
    add(properties, "good", localhost().buildIssuedBy(authority));
    add(properties, "expired", localhost().notBefore(Instant.now().minus(Duration.ofDays(9)))
        .notAfter(Instant.now().minus(Duration.ofDays(1))).buildIssuedBy(authority));
    add(properties, "otherhost", certificate("other").addSanDnsName("other.example").buildIssuedBy(authority));
    add(properties, "unknown", localhost().buildIssuedBy(strange));
    gateway = TestGateway.start(properties);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    NODES.forEach(DisposableServer::disposeNow);
  }

  private static CertificateBuilder certificate(String name) {
    return new CertificateBuilder().subject("CN=" + name).ecp256();
  }

  private static CertificateBuilder localhost() {
    return certificate("localhost").addSanDnsName("localhost");
  }

  /** Adds a route to a node that asks for the gateway's certificate, and answers with its serial number. */
  private static void add(List<String> properties, String route, X509Bundle certificate) throws Exception {
    SslContext context = SslContextBuilder.forServer(certificate.toKeyManagerFactory())
        .trustManager(authority.getCertificate()).clientAuth(ClientAuth.REQUIRE).build();
    DisposableServer node = HttpServer.create().host("127.0.0.1").port(0).secure(ssl -> ssl.sslContext(context))
        .handle((request, response) -> {
          String[] serial = new String[1];
          request.withConnection(connection -> {
            try {
              X509Certificate peer = (X509Certificate) connection.channel().pipeline().get(SslHandler.class).engine()
                  .getSession().getPeerCertificates()[0];
              serial[0] = peer.getSerialNumber().toString();
            } catch (SSLPeerUnverifiedException e) {
              throw new IllegalStateException(e);
            }
          });
          return response.sendString(Mono.just(serial[0]));
        }).bindNow();
    NODES.add(node);
    String root = "statecraft.gateway.routes." + route + '.';
    properties.addAll(List.of(root + "prefix=/" + route, root + "nodes.n=https://localhost:" + node.port(),
        root + "ssl.bundle=nodes", root + "probe.interval=100ms", root + "probe.timeout=5s"));
  }

  private static void write(String name, X509Bundle certificate) throws IOException {
    for (String[] file : new String[][]{{".pem", certificate.getCertificatePathPEM()},
      {".key", certificate.getPrivateKeyPEM()}}) {
      Path temporary = Files.writeString(directory.resolve(name + ".new"), file[1]);
      Files.move(temporary, directory.resolve(name + file[0]), StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Sends a request on a new connection. */
  private static HttpResponse<String> get(String path, @Nullable X509Bundle own) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
    context.init(keys, authority.toTrustManagerFactory().getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      return client.send(HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + path))
          .timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }
  }

  private static X509Bundle client() throws Exception {
    return certificate("client").buildIssuedBy(authority);
  }

  private static BigInteger served(HttpResponse<String> response) throws SSLPeerUnverifiedException {
    return ((X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0]).getSerialNumber();
  }

  @Test
  void clientWithoutCertificateIsRefused() throws Exception {
    X509Bundle unknown = certificate("client").buildIssuedBy(strange);
    assertThatThrownBy(() -> get("/good/x", null)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> get("/good/x", unknown)).isInstanceOf(IOException.class);
  }

  @Test
  void replacedCertificateOfTheGatewayIsServedToClients() throws Exception {
    X509Bundle own = client();
    X509Bundle renewed = localhost().buildIssuedBy(authority);
    assertThat(served(get("/good/x", own))).isNotEqualTo(renewed.getCertificate().getSerialNumber());
    write("front", renewed);
    await().untilAsserted(
        () -> assertThat(served(get("/good/x", own))).isEqualTo(renewed.getCertificate().getSerialNumber()));
  }

  @Test
  void replacedCertificateOfTheGatewayIsShownToNodes() throws Exception {
    X509Bundle own = client();
    await().untilAsserted(() -> assertThat(get("/good/x", own).statusCode()).isEqualTo(200));
    X509Bundle renewed = certificate("gateway").buildIssuedBy(authority);
    write("nodes", renewed);
    await().untilAsserted(() -> assertThat(get("/good/x", own).body())
        .isEqualTo(renewed.getCertificate().getSerialNumber().toString()));
  }

  @ParameterizedTest
  @CsvSource({"expired, NotAfter", "otherhost, No subject alternative DNS name matching localhost",
    "unknown, unable to find valid certification path"})
  void nodeWithAWrongCertificateGetsNoRequest(String route, String reason, CapturedOutput output) throws Exception {
    X509Bundle own = client();
    assertThat(get('/' + route + "/x", own).statusCode()).isEqualTo(503);
    String node = gateway.context().getEnvironment().getProperty("statecraft.gateway.routes." + route + ".nodes.n");
    assertThat(output.getAll().lines().filter(line -> line.contains("TLS to node " + node + " failed: ")
        && line.contains(reason))).hasSize(1);
  }

  @Test
  void unknownBundleStopsTheStart() {
    assertThatThrownBy(() -> TestGateway.start(List.of("statecraft.gateway.routes.shop.prefix=/shop",
        "statecraft.gateway.routes.shop.nodes.n=https://localhost:1",
        "statecraft.gateway.routes.shop.ssl.bundle=missing")))
        .hasStackTraceContaining(InvalidConfigurationException.class.getName())
        .hasStackTraceContaining("there is no SSL bundle missing");
  }
}
