package dev.statecraft.gateway.health;

import java.net.URI;
import reactor.netty.http.client.HttpClient;

/** Something whose readiness can be asked over HTTP. */
public interface Probed {
  NodeHealth health();

  URI getUri();

  /** Returns a client that opens a new connection each time, so that an answer proves that somebody listens now. */
  HttpClient probeClient();
}
