package com.example.shop;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A client that keeps cookies, follows redirects and submits the forms of the last page with their CSRF token. */
final class Browser {
  private static final int MAX_REDIRECTS = 5;
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private URI server;
  private String csrf = "";

  /** The answer after all redirects. */
  record Page(int status, String path, String body) {
    boolean isLogin() {
      return status == 200 && path.startsWith("/login");
    }
  }

  Browser(URI server) {
    this.server = server;
  }

  /** Sends the next requests to another replica, as a load balancer does. */
  Browser at(URI other) {
    server = other;
    return this;
  }

  Map<String, String> cookies() {
    return Map.copyOf(cookies);
  }

  /** Replaces all cookies, as an attacker does who copied them. */
  Browser with(Map<String, String> copied) {
    cookies.clear();
    cookies.putAll(copied);
    return this;
  }

  Page get(String path) {
    return follow(HttpRequest.newBuilder(server.resolve(path)).GET());
  }

  /** Submits a form with the fields {@code name=value} and the CSRF token of the last page. */
  Page post(String path, String... fields) {
    StringBuilder form = new StringBuilder("_csrf=").append(encode(csrf));
    for (String field : fields) {
      String[] parts = field.split("=", 2);
      form.append('&').append(parts[0]).append('=').append(encode(parts[1]));
    }
    return follow(
        HttpRequest
            .newBuilder(server.resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.toString())));
  }

  Page logIn(String user, String password) {
    get("/");
    return post("/login", "username=" + user, "password=" + password);
  }

  private Page follow(HttpRequest.Builder first) {
    HttpRequest.Builder request = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<String> response = send(request);
      String location = response.headers().firstValue("Location").orElse(null);
      if (location == null) {
        Matcher token = CSRF.matcher(response.body());
        if (token.find()) {
          csrf = token.group(1);
        }
        return new Page(response.statusCode(), response.uri().getPath(), response.body());
      }
      request = HttpRequest.newBuilder(response.uri().resolve(location)).GET();
    }
    throw new IllegalStateException("More than " + MAX_REDIRECTS + " redirects");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    String header = cookies.entrySet().stream().map(Object::toString).collect(Collectors.joining("; "));
    if (!header.isEmpty()) {
      request.setHeader("Cookie", header);
    }
    request.setHeader("Accept", "text/html");
    try {
      HttpResponse<String> response = http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
      response.headers().allValues("Set-Cookie").forEach(this::keep);
      return response;
    } catch (IOException e) {
      throw new IllegalStateException(server + " did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void keep(String setCookie) {
    String[] pair = setCookie.split(";", 2)[0].split("=", 2);
    if (pair[1].isEmpty() || setCookie.contains("Max-Age=0")) {
      cookies.remove(pair[0]);
    } else {
      cookies.put(pair[0], pair[1]);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
