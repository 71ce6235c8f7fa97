package dev.statecraft.gateway.upstream;

import dev.statecraft.gateway.settings.InvalidConfigurationException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * TLS to the nodes of one route by an SSL bundle: the certificates that the gateway trusts, and its own for nodes that
 * ask for one. New connections use the current certificates of the bundle. Thread-safe.
 */
public final class NodeTls {
  private static final Logger log = LoggerFactory.getLogger(NodeTls.class);

  private volatile SslContext context;

  private NodeTls(SslContext context) {
    this.context = context;
  }

  /**
   * Opens the bundle of a route.
   *
   * @param at the property that names the bundle
   * @throws InvalidConfigurationException if there is no such bundle, or its certificates cannot be read
   */
  static NodeTls open(String at, String name, SslBundles bundles) {
    NodeTls tls;
    try {
      tls = new NodeTls(context(bundles.getBundle(name)));
    } catch (NoSuchSslBundleException e) {
      throw new InvalidConfigurationException(at + ": there is no SSL bundle " + name + " in spring.ssl.bundle");
    } catch (SSLException | IllegalStateException e) {
      throw new InvalidConfigurationException(
          at + ": SSL bundle " + name + " cannot be used: " + InvalidConfigurationException.reasonOf(e));
    }
    bundles.addBundleUpdateHandler(name, updated -> tls.update(name, updated));
    return tls;
  }

  private void update(String name, SslBundle updated) {
    try {
      context = context(updated);
      log.info("SSL bundle {} reloaded: new connections to nodes use it", name);
    } catch (SSLException | IllegalStateException e) {
      log.error("SSL bundle {} cannot be used; connections to nodes go on with the one before: {}", name,
          InvalidConfigurationException.reasonOf(e));
    }
  }

  private static SslContext context(SslBundle bundle) throws SSLException {
    SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS")
        .keyManager(bundle.getManagers().getKeyManagerFactory())
        .trustManager(bundle.getManagers().getTrustManagerFactory());
    String[] protocols = bundle.getOptions().getEnabledProtocols();
    String[] ciphers = bundle.getOptions().getCiphers();
    if (protocols != null) {
      builder.protocols(protocols);
    }
    if (ciphers != null) {
      builder.ciphers(Arrays.asList(ciphers));
    }
    return builder.build();
  }

  private record Made<T>(SslContext context, T value) {}

  /** Returns what is made from the current certificates. It is made again when they change. */
  <T> Supplier<T> secured(Function<SslContext, T> make) {
    AtomicReference<@Nullable Made<T>> last = new AtomicReference<>();
    return () -> {
      SslContext now = context;
      Made<T> made = last.get();
      if (made == null || !made.context().equals(now)) {
        made = new Made<>(now, make.apply(now));
        last.set(made);
      }
      return made.value();
    };
  }
}
