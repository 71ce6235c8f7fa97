package dev.statecraft.gateway.health;

import java.net.URI;
import reactor.netty.http.client.HttpClient;

/** A node whose readiness is probed over HTTP. */
public interface ProbeTarget {
  NodeHealth health();

  URI getUri();

  /** Returns a client that opens a new connection for each request, so that an answer proves that the port listens. */
  HttpClient probeClient();
}
