package dev.statecraft.gateway.route;

/** The path and query of a request, as they stand in its request line. */
final class RequestTarget {
  private RequestTarget() {}

  /** Returns the target without scheme and authority, which a client may send too (RFC 9112 section 3.2.2). */
  static String originForm(String uri) {
    if (uri.startsWith("/")) {
      return uri;
    }
    int authority = uri.indexOf("://");
    if (authority < 0) {
      return uri;
    }
    int path = uri.indexOf('/', authority + 3);
    return path < 0 ? "/" : uri.substring(path);
  }

  /** Returns the target under the prefix: {@code /shop/cart?x=1} becomes {@code /cart?x=1}. */
  static String strip(String uri, String prefix) {
    String rest = originForm(uri).substring(prefix.length());
    return rest.startsWith("/") ? rest : '/' + rest;
  }
}
