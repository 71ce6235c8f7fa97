package dev.statecraft.stateful;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP client that keeps the session cookie as a browser does; a test can read and replace it. */
final class Browser {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String COOKIE = "SESSION=";

  private final int port;
  private @Nullable String token;

  Browser(int port) {
    this.port = port;
  }

  /** An answer of the service. */
  record Answer(int status, HttpResponse<String> response) {
    JsonNode json() {
      return JSON.readTree(response.body());
    }

    @Nullable
    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    List<String> cookies() {
      return response.headers().allValues("Set-Cookie");
    }
  }

  @Nullable
  String token() {
    return token;
  }

  void setToken(@Nullable String newToken) {
    token = newToken;
  }

  /** Returns another browser with a copy of the cookie. */
  Browser copy() {
    Browser copy = new Browser(port);
    copy.token = token;
    return copy;
  }

  Answer get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  Answer delete(String path) {
    return send(request(path).DELETE());
  }

  Answer post(String path, @Nullable String json, String... headers) {
    return send(posting(path, json, headers));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return answer(CLIENT.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError("The service did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for the answer", e);
    }
  }

  CompletableFuture<Answer> postLater(String path, @Nullable String json) {
    return CLIENT.sendAsync(posting(path, json).build(), BodyHandlers.ofString()).thenApply(this::answer);
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest
        .newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofMinutes(2));
    if (token != null) {
      request.header("Cookie", COOKIE + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  private HttpRequest.Builder posting(String path, @Nullable String json, String... headers) {
    HttpRequest.Builder request = request(path, headers);
    return json == null
        ? request.POST(BodyPublishers.noBody())
        : request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
  }

  private Answer answer(HttpResponse<String> response) {
    Answer answer = new Answer(response.statusCode(), response);
    for (String cookie : answer.cookies()) {
      String value = cookie.substring(COOKIE.length(), cookie.indexOf(';'));
      token = value.isEmpty() ? null : value;
    }
    return answer;
  }
}
