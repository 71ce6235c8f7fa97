package dev.statecraft.gateway.discovery;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Parses the address of a node. */
public final class NodeAddress {
  private static final int MAX_PORT = 65_535;

  private NodeAddress() {}

  /**
   * Parses {@code http://HOST:PORT} or {@code https://HOST:PORT}.
   *
   * @throws IllegalArgumentException if the text has another form; the message begins with "must be"
   */
  public static URI parse(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null && uri.getPort() > 0
          && uri.getPort() <= MAX_PORT && uri.getRawPath().isEmpty() && uri.getRawQuery() == null
          && uri.getRawFragment() == null && uri.getRawUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // The message below describes the required form.
    }
    throw new IllegalArgumentException("must be http://HOST:PORT or https://HOST:PORT, not \"" + text + '"');
  }
}
