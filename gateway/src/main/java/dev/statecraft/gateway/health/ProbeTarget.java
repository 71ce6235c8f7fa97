package dev.statecraft.gateway.health;

import java.net.URI;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/** A node whose readiness is probed over HTTP. */
public interface ProbeTarget {
  NodeHealth health();

  URI getUri();

  /** Returns a client that opens a new connection for each request, so that an answer proves that the port listens. */
  HttpClient probeClient();

  /** Returns the timer of the event loop that {@link #probeClient} runs on. */
  Scheduler probeTimer();
}
