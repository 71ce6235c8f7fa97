package dev.statecraft.session.affinity;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** HTTP client for the other nodes of the cluster. Thread-safe; every call has a timeout. */
final class Peers implements AutoCloseable {
  static final String PATH = "/actuator/handover";
  static final String LOOKUP_PATH = "/ask";
  static final String TRANSFER_PATH = "/take";
  static final String FIND_PATH = "/find";
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  /** Asks the receiver to move sessions to the node {@code to}. */
  record LookupRequest(List<String> ids, String to) {
    LookupRequest {
      ids = List.copyOf(ids);
    }
  }

  /** The node that holds each session, for the sessions that the receiver knows. */
  record LookupResponse(Map<String, String> at) {
    LookupResponse {
      at = Map.copyOf(at);
    }
  }

  /** Sessions that the receiver should hold. */
  record TransferRequest(List<MovingSession> sessions) {}

  /** Ids of the sessions that the receiver now holds. */
  record TransferResponse(Set<String> taken) {}

  /** Asks the receiver for its sessions of a user. */
  record FindRequest(String principal) {}

  /** Ids of these sessions. */
  record FindResponse(List<String> ids) {
    FindResponse {
      ids = List.copyOf(ids);
    }
  }

  private final String self;
  private final Map<String, URI> others;
  private final Map<String, LookupBatcher> lookups;
  private final HandoverToken token;
  private final Duration timeout;
  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpClient client;

  /**
   * Makes the client.
   *
   * @param self name of this node
   * @param nodes address by name; may include this node
   * @param timeout of one request
   */
  Peers(String self, Map<String, URI> nodes, HandoverToken token, Duration timeout) {
    this.self = self;
    Map<String, URI> others = new TreeMap<>(nodes);
    others.remove(self);
    this.others = Collections.unmodifiableMap(others);
    Map<String, LookupBatcher> batchers = new HashMap<>();
    others.keySet().forEach(peer -> batchers.put(peer, new LookupBatcher(ids -> sendLookup(peer, ids))));
    this.lookups = Map.copyOf(batchers);
    this.token = token;
    this.timeout = timeout;
    this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT)
        .executor(Executors.newVirtualThreadPerTaskExecutor()).build();
  }

  String self() {
    return self;
  }

  List<String> names() {
    return List.copyOf(others.keySet());
  }

  boolean knows(String name) {
    return others.containsKey(name);
  }

  /**
   * Asks a peer to move a session here.
   *
   * @return the node that holds the session now; null if the peer does not know it or is down; a failure if the peer is
   * up but does not respond in time
   */
  CompletableFuture<@Nullable String> lookUp(String peer, String id) {
    return Objects.requireNonNull(lookups.get(peer), peer).lookUp(id);
  }

  private CompletableFuture<Map<String, String>> sendLookup(String peer, List<String> ids) {
    return ask(peer, LOOKUP_PATH, new LookupRequest(ids, self), LookupResponse.class, new LookupResponse(Map.of()))
        .thenApply(LookupResponse::at);
  }

  /**
   * Asks a peer for its sessions of a user.
   *
   * @return their ids; none if the peer is down; a failure if it is up but does not respond in time
   */
  CompletableFuture<List<String>> find(String peer, String principal) {
    return ask(peer, FIND_PATH, new FindRequest(principal), FindResponse.class, new FindResponse(List.of()))
        .thenApply(FindResponse::ids);
  }

  private <T> CompletableFuture<T> ask(String peer, String path, Object question, Class<T> type, T noAnswer) {
    return client.sendAsync(request(peer, path, json.writeValueAsBytes(question)),
        HttpResponse.BodyHandlers.ofByteArray()).handle((response, failure) -> {
          if (failure != null) {
            if (isDown(failure)) {
              return noAnswer;
            }
            throw new CompletionException(failure);
          }
          return switch (response.statusCode()) {
            case OK -> json.readValue(response.body(), type);
            // The peer runs a version without this question, or another application.
            case NOT_FOUND -> noAnswer;
            default -> throw new CompletionException(new IOException(peer + " answered " + response.statusCode()));
          };
        });
  }

  /**
   * Sends sessions to a peer.
   *
   * @return ids of the sessions that it accepted
   * @throws IOException if it accepted none: it is down, shuts down itself, or does not respond
   */
  Set<String> transfer(String peer, List<MovingSession> sessions) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = client.send(
        request(peer, TRANSFER_PATH, json.writeValueAsBytes(new TransferRequest(sessions))),
        HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != OK) {
      throw new IOException(peer + " answered " + response.statusCode());
    }
    return json.readValue(response.body(), TransferResponse.class).taken();
  }

  private HttpRequest request(String peer, String path, byte[] body) {
    URI node = Objects.requireNonNull(others.get(peer), peer);
    return HttpRequest.newBuilder(node.resolve(PATH + path)).timeout(timeout)
        .header("Content-Type", "application/json").header(HandoverToken.HEADER, token.sign(path, body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
  }

  /** Tells whether the connection to a peer broke during a request. */
  static boolean isConnectionBroken(Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof IOException && !(cause instanceof HttpTimeoutException);
  }

  /** Nothing listens at the address, so the sessions of the peer are lost. */
  private static boolean isDown(Throwable failure) {
    Throwable cause = cause(failure);
    // Not a timeout: a busy node that holds the session causes it too.
    return cause instanceof ConnectException || cause instanceof NoRouteToHostException;
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
