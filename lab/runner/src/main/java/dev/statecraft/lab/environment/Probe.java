package dev.statecraft.lab.environment;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Sends single requests to a node, past the gateway. Each request has a timeout of 2 s unless it says otherwise. */
public final class Probe {
  private static final int TIMEOUT_MILLIS = 2_000;

  private Probe() {}

  /** The node that answered, with any status, by its {@code X-Served-By} header; empty if there is none. */
  public static Optional<String> servedBy(URI uri) {
    return headers(uri).map(connection -> connection.getHeaderField("X-Served-By"));
  }

  /** The wall clock of the node in whole seconds, by its {@code Date} header; empty if it does not answer. */
  public static Optional<Instant> time(URI uri) {
    return headers(uri).map(HttpURLConnection::getDate).filter(date -> date != 0).map(Instant::ofEpochMilli);
  }

  /** A closed connection whose answer's headers can be read. */
  private static Optional<HttpURLConnection> headers(URI uri) {
    try {
      HttpURLConnection connection = open(uri);
      connection.getResponseCode();
      connection.disconnect();
      return Optional.of(connection);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The body of a 200 answer; empty for any other outcome. */
  public static Optional<String> get(URI uri) {
    try {
      HttpURLConnection connection = open(uri);
      if (connection.getResponseCode() != 200) {
        connection.disconnect();
        return Optional.empty();
      }
      try (InputStream in = connection.getInputStream()) {
        return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The status of the answer to a {@code DELETE}; empty if there is none within the timeout. */
  public static OptionalInt delete(URI uri, Duration timeout) {
    try {
      HttpURLConnection connection = open(uri);
      connection.setRequestMethod("DELETE");
      connection.setReadTimeout((int) timeout.toMillis());
      int status = connection.getResponseCode();
      connection.disconnect();
      return OptionalInt.of(status);
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  private static HttpURLConnection open(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    return connection;
  }
}
