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

/** Asks one question of one node directly; every question has a deadline. */
public final class Probe {
  private static final int DEADLINE_MILLIS = (int) Duration.ofSeconds(2).toMillis();

  private Probe() {}

  /** The node that says that it answered, whatever it answered, or empty where none says so within the deadline. */
  public static Optional<String> servedBy(URI uri) {
    try {
      HttpURLConnection connection = open(uri);
      connection.getResponseCode();
      String name = connection.getHeaderField("X-Served-By");
      connection.disconnect();
      return Optional.ofNullable(name);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The time by the clock of the node, as every answer tells it in whole seconds; empty where none answers. */
  public static Optional<Instant> time(URI uri) {
    try {
      HttpURLConnection connection = open(uri);
      connection.getResponseCode();
      long date = connection.getDate();
      connection.disconnect();
      return date == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(date));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The body of a 200, or empty where there is no such answer within the deadline. */
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

  /** The status with which a node answers a {@code DELETE}, or empty where it does not within a time. */
  public static OptionalInt delete(URI uri, Duration within) {
    try {
      HttpURLConnection connection = open(uri);
      connection.setRequestMethod("DELETE");
      connection.setReadTimeout((int) within.toMillis());
      int status = connection.getResponseCode();
      connection.disconnect();
      return OptionalInt.of(status);
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  private static HttpURLConnection open(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(DEADLINE_MILLIS);
    connection.setReadTimeout(DEADLINE_MILLIS);
    return connection;
  }
}
