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

/** A small HTTP service in this JVM, at a real socket. It can be killed and restarted at the same port. */
public final class Backend implements AutoCloseable {
  /** A request that the service received. */
  public record ReceivedRequest(String method, String uri, io.netty.handler.codec.http.HttpHeaders headers) {}

  private final String name;
  private final String host;
  private final List<ReceivedRequest> received = new CopyOnWriteArrayList<>();
  private final Set<ChannelId> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean ready = true;
  private volatile boolean probesIgnored;
  private volatile boolean forgetful;
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

  /** Starts a service at an address of the loopback network. */
  public static Backend start(String name, String host, int port) {
    return new Backend(name, host, port);
  }

  public Backend answering(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> answers) {
    handler = answers;
    return this;
  }

  /** Records no requests from now on. For much traffic, because each request copies the list. */
  public Backend withoutRecord() {
    forgetful = true;
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

  /** Returns the received requests without probes. */
  public List<ReceivedRequest> received() {
    return received;
  }

  /** Returns the number of connections that carried requests other than probes. */
  public int connections() {
    return connections.size();
  }

  public void ready(boolean now) {
    ready = now;
  }

  /** Leaves probes without an answer, as an overloaded machine does. */
  public void ignoreProbes(boolean now) {
    probesIgnored = now;
  }

  /**
   * Closes the port and all connections, as the kernel does for a killed process. Returns when the gateway has closed
   * its side too: until then it could send a request on such a connection, which counts as possibly executed.
   */
  public void kill() {
    server.disposeNow(Duration.ofSeconds(5));
    channels.forEach(channel -> ((DuplexChannel) channel).shutdownOutput().awaitUninterruptibly());
    channels.newCloseFuture().awaitUninterruptibly(2, TimeUnit.SECONDS);
    channels.close().awaitUninterruptibly();
  }

  /** Restarts the service if it was killed, and resets readiness and handler. */
  public void reset() {
    ready = true;
    probesIgnored = false;
    handler = (request, response) -> response.sendString(Mono.just(name));
    if (server.isDisposed()) {
      restart();
    }
  }

  /** Closes all connections, as a server does with idle ones, and continues to listen. */
  public void dropConnections() {
    channels.close().awaitUninterruptibly();
  }

  /** Listens at the same port again. */
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
      return probesIgnored ? Mono.never() : response.status(ready ? 200 : 503).send();
    }
    if (!forgetful) {
      request.withConnection(connection -> connections.add(connection.channel().id()));
      received.add(new ReceivedRequest(request.method().name(), request.uri(), request.requestHeaders().copy()));
    }
    return handler.apply(request, response);
  }
}
