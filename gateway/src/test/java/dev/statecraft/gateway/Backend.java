package dev.statecraft.gateway;

import io.netty.channel.ChannelId;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A small service in this JVM, behind a real socket. It can die and come back at the same port. */
public final class Backend implements AutoCloseable {
  /** What a node was asked. */
  public record Seen(String method, String uri, io.netty.handler.codec.http.HttpHeaders headers) {}

  private final String name;
  private final String host;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Set<ChannelId> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean ready = true;
  private volatile boolean silent;
  private volatile BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler;
  private volatile ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private volatile DisposableServer server;

  private Backend(String name, String host, int port) {
    this.name = name;
    this.host = host;
    this.handler = (request, response) -> response.sendString(Mono.just(name));
    this.server = listen(port);
  }

  /** Starts a service that answers every request with its name. */
  public static Backend start(String name) {
    return start(name, "127.0.0.1", 0);
  }

  /** Starts it at an address of the loopback network. */
  public static Backend start(String name, String host, int port) {
    return new Backend(name, host, port);
  }

  public Backend answering(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> answers) {
    handler = answers;
    return this;
  }

  public String name() {
    return name;
  }

  public String url() {
    return "http://" + host + ':' + server.port();
  }

  public int port() {
    return server.port();
  }

  /** Returns what was asked, probes left out. */
  public List<Seen> seen() {
    return seen;
  }

  /** Returns how many connections carried requests, those of probes left out. */
  public int connections() {
    return connections.size();
  }

  public void ready(boolean now) {
    ready = now;
  }

  /** Leaves probes without an answer, as a machine does that has too much to do. */
  public void silentToProbes(boolean now) {
    silent = now;
  }

  /**
   * Closes the port and every connection at once, as the kernel does for a killed process. Returns when the gateway has
   * seen it: a request sent into a connection whose end it has not seen yet is one that may have been executed.
   */
  public void kill() {
    server.disposeNow(Duration.ofSeconds(5));
    channels.forEach(channel -> ((DuplexChannel) channel).shutdownOutput().awaitUninterruptibly());
    channels.newCloseFuture().awaitUninterruptibly(2, TimeUnit.SECONDS);
    channels.close().awaitUninterruptibly();
  }

  /** Listens at the old port again, if it does not, and answers as at first. */
  public void revive() {
    ready = true;
    silent = false;
    handler = (request, response) -> response.sendString(Mono.just(name));
    if (server.isDisposed()) {
      restart();
    }
  }

  /** Closes every connection, as a server does that has had enough of idle ones, and goes on listening. */
  public void dropConnections() {
    channels.close().awaitUninterruptibly();
  }

  /** Listens at the old port again. */
  public void restart() {
    channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    server = listen(server.port());
  }

  @Override
  public void close() {
    kill();
  }

  private DisposableServer listen(int port) {
    return HttpServer.create().host(host).port(port)
        .doOnConnection(connection -> channels.add(connection.channel())).handle(this::handle)
        .bindNow(Duration.ofSeconds(5));
  }

  private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    response.header("X-Served-By", name);
    if (request.uri().equals("/actuator/health/readiness")) {
      return silent ? Mono.never() : response.status(ready ? 200 : 503).send();
    }
    request.withConnection(connection -> connections.add(connection.channel().id()));
    seen.add(new Seen(request.method().name(), request.uri(), request.requestHeaders().copy()));
    return handler.apply(request, response);
  }
}
