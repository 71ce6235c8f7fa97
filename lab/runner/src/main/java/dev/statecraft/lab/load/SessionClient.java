package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP client for the stateful service's contract. It does not retry, follow redirects or keep cookies, so that the
 * outcome is exactly what the service did. Thread-safe; made for blocking calls on virtual threads. It uses Apache
 * HttpClient, which needs half the CPU time of {@code java.net.http} per call: the cluster under test runs on the same
 * machine.
 */
public final class SessionClient implements SessionCalls, AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private final URI base;
  private final CloseableHttpClient http;

  /**
   * Creates a client for one strategy behind one gateway.
   *
   * @param base the prefix of the stateful service, such as {@code http://127.0.0.1:4000/redis}
   * @param connections the maximum number of open connections; one per user is enough
   * @param deadline how long to wait for a connection, and for the next byte of an answer
   */
  public SessionClient(URI base, int connections, Duration deadline) {
    this.base = base;
    this.http = http(connections, deadline);
  }

  /** An HTTP client without retries, redirects, cookies and decompression. */
  static CloseableHttpClient http(int connections, Duration deadline) {
    Timeout timeout = Timeout.of(deadline);
    return HttpClients.custom()
        .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().setMaxConnTotal(connections)
            .setMaxConnPerRoute(connections)
            .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(timeout)
                .setValidateAfterInactivity(TimeValue.ofSeconds(1)).build())
            .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(timeout).setTcpNoDelay(true).build()).build())
        .setDefaultRequestConfig(
            RequestConfig.custom().setResponseTimeout(timeout).setConnectionRequestTimeout(timeout).build())
        .disableAutomaticRetries().disableRedirectHandling().disableCookieManagement().disableAuthCaching()
        .disableContentCompression().disableDefaultUserAgent().build();
  }

  @Override
  public Answer send(Call call, String user, @Nullable String item, CookieJar cookies) {
    String path = base.getPath() + pathOf(call, item);
    HttpUriRequestBase request = new HttpUriRequestBase(methodOf(call), base.resolve(path));
    String header = cookies.header(path);
    if (!header.isEmpty()) {
      request.setHeader("Cookie", header);
    }
    String body = bodyOf(call, user, item);
    if (body != null) {
      request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
    }
    try {
      return http.execute(request, response -> answer(call, path, response, cookies));
    } catch (IOException e) {
      return new Answer(Outcomes.ofFailure(call, e), null);
    }
  }

  /** Fetches a page of a service without sessions and discards its content. */
  static Answer fetch(CloseableHttpClient http, HttpGet request) {
    try {
      return http.execute(request, response -> {
        EntityUtils.consume(response.getEntity());
        Header servedBy = response.getFirstHeader("X-Served-By");
        int status = response.getCode();
        Outcome outcome = status == 200
            ? new Outcome.Ok(status, null)
            : Outcomes.ofErrorStatus(Call.READ, status, "HTTP " + status);
        return new Answer(outcome, servedBy == null ? null : servedBy.getValue());
      });
    } catch (IOException e) {
      return new Answer(Outcomes.ofFailure(Call.READ, e), null);
    }
  }

  private static Answer answer(Call call, String path, ClassicHttpResponse response, CookieJar cookies)
      throws IOException {
    HttpEntity entity = response.getEntity();
    byte[] body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity, MAX_ANSWER_BYTES);
    cookies.accept(Arrays.stream(response.getHeaders("Set-Cookie")).map(Header::getValue).toList(), path);
    Header servedBy = response.getFirstHeader("X-Served-By");
    return new Answer(outcome(call, response.getCode(), body), servedBy == null ? null : servedBy.getValue());
  }

  private static Outcome outcome(Call call, int status, byte[] body) {
    if (status < 200 || status > 299) {
      return Outcomes.ofErrorStatus(call, status, parse(body, problem -> problem.path("detail").stringValueOpt()
          .or(() -> problem.path("title").stringValueOpt())).orElse("HTTP " + status));
    }
    if (call == Call.CHECKOUT) {
      return new Outcome.Ok(status, null, state(body));
    }
    if (call != Call.READ) {
      return new Outcome.Ok(status, null);
    }
    return SessionClient
        .<Outcome>parse(body, answer -> answer.path("items").isArray()
            ? Optional.of(new Outcome.Ok(status,
                answer.path("items").valueStream().map(JsonNode::asString).toList(), state(body)))
            : Optional.empty())
        .orElseGet(() -> Outcomes.ofErrorStatus(call, status, "the answer is not a cart"));
  }

  private static @Nullable String state(byte[] body) {
    return parse(body, answer -> answer.path("state").stringValueOpt()).orElse(null);
  }

  /** A part of a JSON document; empty if it is missing or the body is not JSON. */
  private static <T> Optional<T> parse(byte[] body, Function<JsonNode, Optional<T>> part) {
    try {
      return part.apply(JSON.readTree(body));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static String methodOf(Call call) {
    return switch (call) {
      case LOGIN, ROTATE, ADD, CHECKOUT -> "POST";
      case SHOW, READ -> "GET";
      case LOGOUT -> "DELETE";
    };
  }

  private static String pathOf(Call call, @Nullable String item) {
    return switch (call) {
      case LOGIN, SHOW, LOGOUT -> "/session";
      case ROTATE -> "/session/rotate";
      case READ -> "/cart";
      case ADD -> "/cart/items";
      case CHECKOUT -> "/cart/checkout/" + item;
    };
  }

  private static @Nullable String bodyOf(Call call, String user, @Nullable String item) {
    return switch (call) {
      case LOGIN -> JSON.createObjectNode().put("user", user).toString();
      case ADD -> JSON.createObjectNode().put("item", item).toString();
      case SHOW, ROTATE, LOGOUT, READ, CHECKOUT -> null;
    };
  }

  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
  }

  /** The outcome and the node that served the call, if it named itself. */
  public record Answer(Outcome outcome, @Nullable String servedBy) {}
}
