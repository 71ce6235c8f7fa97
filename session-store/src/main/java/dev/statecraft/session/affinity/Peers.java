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

/** The other nodes of the tier, over HTTP. Thread-safe; every call has a deadline. */
final class Peers implements AutoCloseable {
  static final String PATH = "/actuator/handover";
  static final String ASK = "/ask";
  static final String TAKE = "/take";
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  /** Asks the receiver to bring sessions to the node {@code to}. */
  record Question(List<String> ids, String to) {
    Question {
      ids = List.copyOf(ids);
    }
  }

  /** Where each session is now that the node knows of. */
  record LookupResponse(Map<String, String> at) {
    LookupResponse {
      at = Map.copyOf(at);
    }
  }

  /** Sessions for the receiver to hold. */
  record TransferRequest(List<MovingSession> sessions) {}

  /** Ids of the sessions that the receiver holds from now on. */
  record Receipt(Set<String> taken) {}

  private final String self;
  private final Map<String, URI> others;
  private final Map<String, LookupBatcher> questions;
  private final HandoverToken token;
  private final Duration patience;
  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpClient client;

  /**
   * Makes the peers of a node.
   *
   * @param self name of this node
   * @param nodes address by name; this node may be among them
   * @param patience for one answer
   */
  Peers(String self, Map<String, URI> nodes, HandoverToken token, Duration patience) {
    this.self = self;
    Map<String, URI> without = new TreeMap<>(nodes);
    without.remove(self);
    this.others = Map.copyOf(without);
    Map<String, LookupBatcher> toEach = new HashMap<>();
    without.keySet().forEach(peer -> toEach.put(peer, new LookupBatcher(ids -> ask(peer, ids))));
    this.questions = Map.copyOf(toEach);
    this.token = token;
    this.patience = patience;
    this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT)
        .executor(Executors.newVirtualThreadPerTaskExecutor()).build();
  }

  String self() {
    return self;
  }

  List<String> names() {
    return others.keySet().stream().sorted().toList();
  }

  boolean knows(String name) {
    return others.containsKey(name);
  }

  /**
   * Asks a peer to bring a session here.
   *
   * @return where the session is now, or null where the peer does not know or is gone; fails when the peer is there but
   * does not answer in time
   */
  CompletableFuture<@Nullable String> ask(String peer, String id) {
    return Objects.requireNonNull(questions.get(peer), peer).ask(id);
  }

  private CompletableFuture<Map<String, String>> ask(String peer, List<String> ids) {
    return client.sendAsync(request(peer, ASK, json.writeValueAsBytes(new Question(ids, self))),
        HttpResponse.BodyHandlers.ofByteArray()).handle((response, failure) -> {
          if (failure != null) {
            if (isGone(failure)) {
              return Map.of();
            }
            throw new CompletionException(failure);
          }
          return switch (response.statusCode()) {
            case OK -> json.readValue(response.body(), LookupResponse.class).at();
            case NOT_FOUND -> Map.of();
            default -> throw new CompletionException(new IOException(peer + " answers " + response.statusCode()));
          };
        });
  }

  /**
   * Gives sessions to a peer.
   *
   * @return ids of those that it has taken
   * @throws IOException where it took none: it is gone, it is going itself, or it does not answer
   */
  Set<String> give(String peer, List<MovingSession> sessions) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = client.send(
        request(peer, TAKE, json.writeValueAsBytes(new TransferRequest(sessions))),
        HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != OK) {
      throw new IOException(peer + " answers " + response.statusCode());
    }
    return json.readValue(response.body(), Receipt.class).taken();
  }

  private HttpRequest request(String peer, String path, byte[] body) {
    URI node = Objects.requireNonNull(others.get(peer), peer);
    return HttpRequest.newBuilder(node.resolve(PATH + path)).timeout(patience)
        .header("Content-Type", "application/json").header(HandoverToken.HEADER, token.of(path, body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
  }

  /** Tells whether a peer ended while it was being asked. */
  static boolean isBroken(Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof IOException && !(cause instanceof HttpTimeoutException);
  }

  /** Nobody listens at its address, or it has none: what it held is lost, and waiting would not help. */
  private static boolean isGone(Throwable failure) {
    Throwable cause = cause(failure);
    // A time-out proves nothing: a busy node that holds the session looks the same.
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
