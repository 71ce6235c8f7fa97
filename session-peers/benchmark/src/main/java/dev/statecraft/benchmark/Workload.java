package dev.statecraft.benchmark;

/** What the requests of a measurement do. */
enum Workload {
  /** Reads a cart of ten items. */
  READS("GET /cart HTTP/1.1", ""),
  /** Adds an item to a cart. */
  ADDS("POST /cart/items HTTP/1.1", "{\"item\":\"tea\"}");

  /** Sessions are opened before the measurement. A cart grows to this size, and then the next session is used. */
  static final int ITEMS_PER_SESSION = 10;

  private final String requestLine;
  private final String body;

  Workload(String requestLine, String body) {
    this.requestLine = requestLine;
    this.body = body;
  }

  /** Sessions that one connection needs for so many requests. */
  int sessions(int requests) {
    return this == READS ? 1 : Math.ceilDiv(requests, ITEMS_PER_SESSION);
  }

  String request(String cookie) {
    return HttpConnection.request(requestLine, cookie, body);
  }
}
