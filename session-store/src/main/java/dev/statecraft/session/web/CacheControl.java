package dev.statecraft.session.web;

import jakarta.servlet.http.HttpServletResponse;

/** Keeps answers that belong to one session out of every cache. */
final class CacheControl {
  private static final String HEADER = "Cache-Control";

  private CacheControl() {}

  /** Forbids caches to store the response, unless the application says otherwise. */
  static void forbidStorage(HttpServletResponse response) {
    if (!response.isCommitted() && !response.containsHeader(HEADER)) {
      response.setHeader(HEADER, "no-store");
    }
  }
}
